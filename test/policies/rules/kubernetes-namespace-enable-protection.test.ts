import { NAMESPACE } from "../../../policies/kubernetes";
import { rule } from "../../../policies/rules/kubernetes-namespace-enable-protection";
import { judge } from "../support";

const judged = (protect: boolean, type = NAMESPACE) => judge(rule, { metadata: { name: "ultrathink" } }, { type, protect });

describe(rule.name, () => {
  it("accepts a protected namespace", () => {
    expect(judged(true)).toEqual({ violations: [] });
  });

  it("reports one that is not", () => {
    expect(judged(false).violations).toEqual([expect.stringContaining('Namespace "ultrathink": it is not protected')]);
  });

  it("does not apply to another kind", () => {
    expect(judged(false, "kubernetes:core/v1:Service")).toEqual({ violations: [], notApplicable: expect.any(String) });
  });
});
