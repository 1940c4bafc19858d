import { AppsV1Api, AutoscalingV2Api, CoreV1Api, type KubeConfig } from "@kubernetes/client-node";
import { controllersOf, isWell, why } from "../../../ops/runtime/controllers";

// The client's library is transformed when it is first loaded.
jest.setTimeout(60_000);

const template = { spec: { containers: [{ name: "a", image: "a:1" }] } };
const pod = (name: string, kind: string, owner: string, status: object = {}) => ({
  metadata: { name, ownerReferences: [{ kind, name: owner }] },
  spec: template.spec,
  status,
});
const unschedulable = { conditions: [{ type: "PodScheduled", status: "False", message: "0/10 nodes are available" }] };

/** A cluster of plain data in one of two namespaces. */
const config = {
  makeApiClient(api: unknown) {
    const of =
      (...items: object[]) =>
      ({ namespace }: { namespace: string }) =>
        Promise.resolve({ items: namespace === "n" ? items : [] });
    if (api === CoreV1Api) {
      return {
        listNamespacedPod: of(
          pod("serving-abc-1", "ReplicaSet", "serving-abc"),
          pod("serving-next-abc-1", "ReplicaSet", "serving-next-abc"),
          pod("kafka-1", "StatefulSet", "kafka"),
          pod("kafka-2", "StatefulSet", "kafka", unschedulable),
        ),
      };
    }
    if (api === AutoscalingV2Api) return { listNamespacedHorizontalPodAutoscaler: of({ metadata: { name: "serving" }, spec: { minReplicas: 2 } }) };
    if (api !== AppsV1Api) throw new Error("asked for an API that nobody should need");
    return {
      listNamespacedDeployment: of({ metadata: { name: "serving" }, spec: { template }, status: { readyReplicas: 1 } }),
      listNamespacedStatefulSet: of({ metadata: { name: "kafka" }, spec: { replicas: 3, template }, status: { readyReplicas: 1 } }),
      listNamespacedDaemonSet: of({ metadata: { name: "agent" }, spec: { template }, status: { desiredNumberScheduled: 4, numberReady: 4 } }),
    };
  },
} as unknown as KubeConfig;

test("controllers of every kind come by name, each with its own pods", async () => {
  const found = await controllersOf(config, ["n", "n-node"], "managed");
  expect(found.map(({ name, kind, wanted, ready, pods }) => [name, kind, wanted, ready, pods.map(({ metadata }) => metadata!.name)])).toEqual([
    ["agent", "DaemonSet", 4, 4, []],
    ["kafka", "StatefulSet", 3, 1, ["kafka-1", "kafka-2"]],
    // One is declared by nobody, and its autoscaler's least is two.
    ["serving", "Deployment", 2, 1, ["serving-abc-1"]],
  ]);
  expect(found.map(isWell)).toEqual([true, false, false]);
});

test("what is not ready says so in the words of its pods", async () => {
  const [, kafka, serving] = await controllersOf(config, ["n"], "managed");
  expect(why(kafka!)).toBe("kafka: 1 of 3 replicas are ready (kafka-2: 0/10 nodes are available)");
  expect(why(serving!)).toBe("serving: 1 of 2 replicas are ready");
});
