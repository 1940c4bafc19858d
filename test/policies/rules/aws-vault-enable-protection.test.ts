import { BUCKET } from "../../../policies/aws";
import { rule } from "../../../policies/rules/aws-vault-enable-protection";
import { judge } from "../support";

describe(rule.name, () => {
  it("accepts a protected bucket", () => {
    expect(judge(rule, {}, { type: BUCKET, protect: true })).toEqual({ violations: [] });
  });

  it("reports one that is not", () => {
    expect(judge(rule, {}, { type: BUCKET }).violations).toEqual([expect.stringContaining("it is not protected")]);
  });

  it("does not apply to another provider", () => {
    expect(judge(rule, {})).toEqual({ violations: [], notApplicable: expect.any(String) });
  });
});
