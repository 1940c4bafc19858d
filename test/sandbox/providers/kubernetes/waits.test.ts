import type { Props } from "../../../../sandbox/providers/bridge/values";
import { Failed, selectsPods, waitForEndpoints, waits } from "../../../../sandbox/providers/kubernetes/waits";

const live = (spec: Props, status: Props): Props => ({ metadata: { generation: 2 }, spec, status: { observedGeneration: 2, ...status } });
const rolledOut = { updatedReplicas: 3, availableReplicas: 3, readyReplicas: 3, replicas: 3, currentRevision: "b", updateRevision: "b" };

test.each([
  ["Deployment", { replicas: 3 }, rolledOut, undefined],
  ["Deployment", { replicas: 3 }, { ...rolledOut, observedGeneration: 1 }, "its controller has not seen it yet"],
  ["Deployment", { replicas: 3 }, { ...rolledOut, updatedReplicas: 1 }, "1 of 3 replicas are up to date"],
  ["Deployment", { replicas: 3 }, { ...rolledOut, availableReplicas: undefined }, "0 of 3 replicas are available"],
  ["Deployment", { replicas: 3 }, { ...rolledOut, replicas: 4 }, "4 replicas are there, and 3 are to be"],
  ["StatefulSet", { replicas: 3 }, rolledOut, undefined],
  ["StatefulSet", { replicas: 3 }, { ...rolledOut, readyReplicas: 2 }, "2 of 3 replicas are ready"],
  ["StatefulSet", { replicas: 3 }, { ...rolledOut, currentRevision: "a" }, "its roll-out goes on"],
  ["DaemonSet", {}, { desiredNumberScheduled: 4, updatedNumberScheduled: 4, numberAvailable: 4 }, undefined],
  ["DaemonSet", {}, { desiredNumberScheduled: 4, updatedNumberScheduled: 4 }, "0 of 4 replicas are available"],
  ["Job", {}, { conditions: [{ type: "Complete", status: "True" }] }, undefined],
  ["Job", {}, {}, "the job has not ended yet"],
])("a %s of %j at %j: %s", (kind, spec, status, reason) => {
  expect(waits[kind]!(live(spec, status))).toBe(reason);
});

test("what has failed is not waited for", () => {
  const late = { type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded", message: "timed out progressing" };
  expect(() => waits.Deployment!(live({ replicas: 1 }, { conditions: [late] }))).toThrow(new Failed("timed out progressing"));
  const failed = { type: "Failed", status: "True", message: "has reached the limit" };
  expect(() => waits.Job!(live({}, { conditions: [failed] }))).toThrow("the job failed: has reached the limit");
});

test("a Service that sends to pods waits for a ready one, and no other does", () => {
  expect(selectsPods({ spec: { clusterIP: "10.96.0.1", selector: { app: "a" } } })).toBe(true);
  expect(selectsPods({ spec: { clusterIP: "None", selector: { app: "a" } } })).toBe(false);
  expect(selectsPods({ spec: { type: "ExternalName", externalName: "a" } })).toBe(false);
  expect(waitForEndpoints([])).toBe("no pod behind it is ready");
  expect(waitForEndpoints([{ endpoints: [{ conditions: { ready: false } }] }])).toBe("no pod behind it is ready");
  expect(waitForEndpoints([{ endpoints: [{ conditions: { ready: false } }, { conditions: { ready: true } }] }])).toBeUndefined();
});
