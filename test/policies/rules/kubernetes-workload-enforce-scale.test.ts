import { AUTOSCALER, DEPLOYMENT } from "../../../policies/kubernetes";
import { rule } from "../../../policies/rules/kubernetes-workload-enforce-scale";
import { deployment, judgeStack, object } from "../support";

const scaled = (replicas?: number) => object(DEPLOYMENT, "data-service", { ...deployment().spec, replicas });
const single = (replicas?: number) => object(DEPLOYMENT, "mlflow", { replicas, template: { metadata: { labels: { app: "mlflow" } }, spec: {} } });
const good = {
  scaleTargetRef: { kind: "Deployment", name: "data-service" },
  minReplicas: 2,
  maxReplicas: 6,
  metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } } }],
  behavior: {
    scaleUp: { stabilizationWindowSeconds: 0, policies: [{ type: "Percent", value: 100, periodSeconds: 60 }] },
    scaleDown: { stabilizationWindowSeconds: 300, policies: [{ type: "Pods", value: 1, periodSeconds: 120 }] },
  },
};
const scaler = (change: object = {}) => object(AUTOSCALER, "data-service", { ...good, ...change });
const behavior = (change: object) => scaler({ behavior: { ...good.behavior, ...change } });
const metric = (change: object) =>
  scaler({ metrics: [{ type: "Resource", resource: { name: "cpu", target: { ...good.metrics[0]!.resource.target, ...change } } }] });

describe(rule.name, () => {
  it("accepts the book's range and the book's number", () => {
    expect(judgeStack(rule, [scaled(), scaler(), single(1)])).toEqual({ violations: [] });
  });

  it("accepts the number that an autoscaler has set, as a stack on a cluster shows it", () => {
    expect(judgeStack(rule, [scaled(3), scaler()])).toEqual({ violations: [] });
  });

  it("accepts one candidate of a service that has a GPU, and no other", () => {
    const candidate = (gpu: object) =>
      object(DEPLOYMENT, "inference-service-next", {
        template: {
          metadata: { labels: { app: "inference-service", track: "candidate" } },
          spec: { containers: [{ name: "inference-service", resources: { limits: gpu } }] },
        },
      });
    const one = scaler({ scaleTargetRef: { kind: "Deployment", name: "inference-service-next" }, minReplicas: 1 });
    expect(judgeStack(rule, [candidate({ "nvidia.com/gpu": 1 }), one]).violations.filter(text => text.includes("at least"))).toEqual([]);
    expect(judgeStack(rule, [candidate({}), one]).violations).toContainEqual(expect.stringContaining("keeps at least 1, the book says 2"));
  });

  it.each<[string, ReturnType<typeof scaler>[], string]>([
    ["another number", [single(2)], "it has 2 replicas, the book says 1"],
    ["no number", [single()], "it has no number of replicas"],
    [
      "an autoscaler of what is one of its kind",
      [single(1), scaler({ scaleTargetRef: { kind: "Deployment", name: "mlflow" } })],
      "the book does not say so",
    ],
    ["no autoscaler", [scaled()], "0 autoscalers decide its replicas"],
    ["fewer at least", [scaled(), scaler({ minReplicas: 1 })], "keeps at least 1, the book says 2"],
    ["more at most", [scaled(), scaler({ maxReplicas: 60 })], "makes at most 60, the book says 6"],
    [
      "memory first",
      [scaled(), scaler({ metrics: [{ type: "Resource", resource: { ...good.metrics[0]!.resource, name: "memory" } }] })],
      "does not go by CPU first",
    ],
    ["a share that is never reached", [scaled(), metric({ averageUtilization: 800 })], "aims at 800 %"],
    [
      "a slow start",
      [scaled(), behavior({ scaleUp: { ...good.behavior.scaleUp, stabilizationWindowSeconds: 600 } })],
      "waits 600 s before one comes",
    ],
    [
      "a start by one alone",
      [scaled(), behavior({ scaleUp: { policies: [{ type: "Pods", value: 1, periodSeconds: 60 }] } })],
      "does not double within a minute",
    ],
    ["a hasty end", [scaled(), behavior({ scaleDown: { ...good.behavior.scaleDown, stabilizationWindowSeconds: 0 } })], "waits 0 s before one goes"],
    [
      "an end of several",
      [scaled(), behavior({ scaleDown: { policies: [{ type: "Percent", value: 100, periodSeconds: 15 }] } })],
      "takes more than one away",
    ],
  ])("reports %s", (_title, resources, message) => {
    expect(judgeStack(rule, resources).violations).toEqual([expect.stringContaining(message)]);
  });
});
