import { DEPLOYMENT, STATEFUL_SET } from "../../../policies/kubernetes";
import { rule } from "../../../policies/rules/kubernetes-workload-enforce-topology-spread";
import { deployment, judgeStack, object } from "../support";

const labelSelector = { matchLabels: { app: "data-service" } };
const hosts = { topologyKey: "kubernetes.io/hostname", maxSkew: 1, whenUnsatisfiable: "DoNotSchedule", labelSelector };
const zones = { topologyKey: "topology.kubernetes.io/zone", maxSkew: 1, whenUnsatisfiable: "ScheduleAnyway", labelSelector };
const judged = (constraints: object[], type = DEPLOYMENT) =>
  judgeStack(rule, [object(type, "data-service", deployment({ topologySpreadConstraints: constraints as (typeof hosts)[] }).spec!)]).violations;

describe(rule.name, () => {
  it("accepts replicas over hosts and, as a wish, over zones", () => {
    expect(judged([zones, hosts])).toEqual([]);
  });

  it("wants a quorum bound to its zones", () => {
    expect(judged([zones, hosts], STATEFUL_SET)).toEqual([expect.stringContaining("over topology.kubernetes.io/zone is ScheduleAnyway")]);
    expect(judged([{ ...zones, whenUnsatisfiable: "DoNotSchedule" }, hosts], STATEFUL_SET)).toEqual([]);
  });

  it.each<[string, object[], string]>([
    ["no hosts", [zones], "no constraint spreads its pods over kubernetes.io/hostname"],
    ["no zones", [hosts], "no constraint spreads its pods over topology.kubernetes.io/zone"],
    ["a skew", [zones, { ...hosts, maxSkew: 2 }], "maxSkew over kubernetes.io/hostname is 2"],
    ["hosts as a wish", [zones, { ...hosts, whenUnsatisfiable: "ScheduleAnyway" }], "over kubernetes.io/hostname is ScheduleAnyway"],
    [
      "another's pods",
      [zones, { ...hosts, labelSelector: { matchLabels: { app: "x" } } }],
      "no constraint spreads its pods over kubernetes.io/hostname",
    ],
  ])("reports %s", (_title, constraints, message) => {
    expect(judged(constraints)).toEqual([expect.stringContaining(message)]);
  });

  it("does not apply to what is one of its kind", () => {
    const one = object(DEPLOYMENT, "mlflow", { template: { metadata: { labels: { app: "mlflow" } }, spec: {} } });
    expect(judgeStack(rule, [one])).toEqual({ violations: [], notApplicable: expect.any(String) });
  });
});
