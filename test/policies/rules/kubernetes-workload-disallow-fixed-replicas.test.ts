import { DEPLOYMENT } from "../../../policies/kubernetes";
import { rule } from "../../../policies/rules/kubernetes-workload-disallow-fixed-replicas";
import { judge } from "../support";

const of = (app: string, replicas?: number) => ({
  metadata: { name: app },
  spec: { replicas, template: { metadata: { labels: { app } }, spec: {} } },
});
const judged = (props: object) => judge(rule, props as Record<string, unknown>, { type: DEPLOYMENT, name: "d" }).violations;

describe(rule.name, () => {
  it("reports a number where load decides", () => {
    expect(judged(of("data-service", 2))).toEqual([expect.stringContaining("its replicas are set to 2, and its autoscaler decides them")]);
  });

  it.each([
    ["none where load decides", of("data-service")],
    ["the book's number of what is one of its kind", of("mlflow", 1)],
  ])("accepts %s", (_title, props) => {
    expect(judged(props)).toEqual([]);
  });
});
