import { autoscalerOf, disruptionBudgetOf, priorityClasses } from "../../../../components/backends/kubernetes/availability";
import { controllerOf } from "../../../../components/backends/kubernetes/controllers";
import { servicesOf } from "../../../../components/backends/kubernetes/services";
import { unitsOf } from "../../../../components/backends/kubernetes/units";
import type { ServiceSpec } from "../../../../components/spec";
import { context, spec, system } from "./support";

const unit = (...specs: ServiceSpec[]) => unitsOf(system, specs)[0]!;
const controller = (...specs: ServiceSpec[]) => controllerOf(context, unit(...specs)).controller;
const broker = (id: number) => spec(`kafka-${id}`, { volumes: [{ volume: `kafka${id}`, path: "/data" }] });

test("brokers are one set that counts from 1, apart in zones and on hosts", () => {
  const made = controller(broker(1), broker(2), broker(3));
  expect(made.kind).toBe("StatefulSet");
  expect(made.args).toMatchObject({
    metadata: { name: "kafka", namespace: "ultrathink" },
    spec: {
      replicas: 3,
      ordinals: { start: 1 },
      serviceName: "kafka-headless",
      podManagementPolicy: "Parallel",
      selector: { matchLabels: { app: "kafka" } },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
      volumeClaimTemplates: [
        {
          metadata: { name: "data" },
          spec: { storageClassName: "fast", accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "50Gi" } } },
        },
      ],
      template: {
        spec: {
          topologySpreadConstraints: [
            { topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "DoNotSchedule", maxSkew: 1 },
            { topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "DoNotSchedule", maxSkew: 1 },
          ],
        },
      },
    },
  });
});

test("members of a group that cannot be the pods of one set are refused", () => {
  expect(() => unit(broker(2), broker(3))).toThrow("groups.kafka: kafka-2, kafka-3 cannot be the pods of one set; name its members kafka-1, kafka-2");
});

test("each broker has its own address, ready or not, beside the set's", () => {
  const services = servicesOf(context, unit(broker(1), broker(2), broker(3)), true);
  expect(services.map(({ metadata }) => (metadata as { name: string }).name)).toEqual(["kafka", "kafka-headless", "kafka-1", "kafka-2", "kafka-3"]);
  expect(services[1]!.spec).toMatchObject({ clusterIP: "None", publishNotReadyAddresses: true });
  expect(services[2]!.spec).toMatchObject({
    type: "ExternalName",
    externalName: "kafka-1.kafka-headless.ultrathink.svc.cluster.local",
    ports: [{ port: 9092 }, { port: 9404 }],
  });
});

test("what scales by load has no number of its own, a scaler with a slow way down, and a budget", () => {
  const inference = unit(spec("inference-service"));
  const made = controllerOf(context, inference).controller;
  expect(made.kind).toBe("Deployment");
  expect((made.args.spec as { replicas?: number }).replicas).toBeUndefined();
  expect(autoscalerOf(context, inference)!.spec).toMatchObject({
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "inference-service" },
    minReplicas: 2,
    maxReplicas: 4,
    metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } } }],
    behavior: { scaleDown: { stabilizationWindowSeconds: 300 } },
  });
  expect(disruptionBudgetOf(context, inference)!.spec).toMatchObject({ maxUnavailable: 1, selector: { matchLabels: { app: "inference-service" } } });
});

test("a roll-out on GPUs needs none beside those that it has", () => {
  expect(controller(spec("inference-service")).args.spec).toMatchObject({ strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } } });
  expect(controller(spec("data-service")).args.spec).toMatchObject({ strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } });
});

test("one of a kind has neither scaler nor budget: it would only forbid a drain", () => {
  const mlflow = unit(spec("mlflow"));
  expect(autoscalerOf(context, mlflow)).toBeUndefined();
  expect(disruptionBudgetOf(context, mlflow)).toBeUndefined();
  expect(controllerOf(context, mlflow).controller.args.spec).toMatchObject({ replicas: 1 });
});

test("what looks at its node is on every node, in the namespace of such agents", () => {
  const made = controller(spec("node-exporter", { hostPaths: [{ host: "/proc", path: "/host/proc" }] }));
  expect(made.kind).toBe("DaemonSet");
  expect(made.args).toMatchObject({
    metadata: { namespace: "ultrathink-node" },
    spec: { template: { spec: { tolerations: [{ operator: "Exists" }] } } },
  });
});

test("data comes before inference, inference before what watches, and training takes nobody's room", () => {
  expect(
    priorityClasses(system).map(({ metadata, value, preemptionPolicy }) => [(metadata as { name: string }).name, value, preemptionPolicy]),
  ).toEqual([
    ["ultrathink-data", 400_000, "PreemptLowerPriority"],
    ["ultrathink-inference", 300_000, "PreemptLowerPriority"],
    ["ultrathink-observability", 200_000, "PreemptLowerPriority"],
    ["ultrathink-training", 100_000, "Never"],
  ]);
});
