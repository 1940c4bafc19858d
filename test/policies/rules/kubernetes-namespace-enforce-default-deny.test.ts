import { DEPLOYMENT, NETWORK_POLICY } from "../../../policies/kubernetes";
import { rule } from "../../../policies/rules/kubernetes-namespace-enforce-default-deny";
import { deployment, judgeStack, object } from "../support";

const running = object(DEPLOYMENT, "data-service", deployment().spec!);
const policy = (spec: object, namespace = "ultrathink") =>
  object(NETWORK_POLICY, "default-deny", { podSelector: {}, policyTypes: ["Ingress", "Egress"], ...spec }, { namespace });
const missing = ['Namespace "ultrathink": no network policy forbids everything in it. Add a policy default-deny.'];

describe(rule.name, () => {
  it("accepts a namespace in which nothing is allowed by itself", () => {
    expect(judgeStack(rule, [running, policy({})])).toEqual({ violations: [] });
  });

  it.each<[string, object]>([
    ["of one direction", { policyTypes: ["Ingress"] }],
    ["of some pods", { podSelector: { matchLabels: { app: "x" } } }],
    ["that allows something", { egress: [{}] }],
  ])("reports a policy %s", (_title, change) => {
    expect(judgeStack(rule, [running, policy(change)]).violations).toEqual(missing);
  });

  it("reports one of another namespace, and none", () => {
    expect(judgeStack(rule, [running, policy({}, "other")]).violations).toEqual(missing);
    expect(judgeStack(rule, [running]).violations).toEqual(missing);
  });

  it("does not apply where nothing runs", () => {
    expect(judgeStack(rule, [policy({})])).toEqual({ violations: [], notApplicable: expect.any(String) });
  });
});
