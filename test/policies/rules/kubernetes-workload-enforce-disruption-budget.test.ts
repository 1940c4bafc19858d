import { DEPLOYMENT, DISRUPTION_BUDGET } from "../../../policies/kubernetes";
import { rule } from "../../../policies/rules/kubernetes-workload-enforce-disruption-budget";
import { deployment, judgeStack, object } from "../support";

const running = object(DEPLOYMENT, "data-service", deployment().spec!);
const good = { maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow", selector: { matchLabels: { app: "data-service" } } };
const budget = (change: object = {}) => object(DISRUPTION_BUDGET, "data-service", { ...good, ...change });

describe(rule.name, () => {
  it("accepts a budget that lets go of one", () => {
    expect(judgeStack(rule, [running, budget()])).toEqual({ violations: [] });
  });

  it.each<[string, object[], string]>([
    ["no budget", [], "0 disruption budgets select its pods"],
    ["two budgets", [budget(), budget()], "2 disruption budgets select its pods"],
    ["a budget of other pods", [budget({ selector: { matchLabels: { app: "other" } } })], "0 disruption budgets"],
    ["a budget that lets go of all", [budget({ maxUnavailable: 2 })], "maxUnavailable is 2, 1 is required"],
    ["a budget that lets go of none", [budget({ maxUnavailable: undefined, minAvailable: 2 })], "maxUnavailable is not set"],
    ["a pod that holds up a drain", [budget({ unhealthyPodEvictionPolicy: undefined })], "holds up a drain"],
  ])("reports %s", (_title, budgets, message) => {
    expect(judgeStack(rule, [running, ...(budgets as (typeof running)[])]).violations).toEqual([expect.stringContaining(message)]);
  });

  it("does not apply to what is one of its kind", () => {
    const one = object(DEPLOYMENT, "mlflow", { template: { metadata: { labels: { app: "mlflow" } }, spec: {} } });
    expect(judgeStack(rule, [one])).toEqual({ violations: [], notApplicable: expect.any(String) });
  });
});
