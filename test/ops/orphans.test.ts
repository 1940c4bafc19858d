import { failedJobs, orphans, unprotected, withoutPending } from "../../ops/orphans";

const state = {
  resources: [
    { urn: "urn:a", type: "docker:index/container:Container", id: "1", protect: false },
    { urn: "urn:b", type: "docker:index/volume:Volume", id: "v", protect: true, retainOnDelete: true },
    { urn: "urn:c", type: "ultrathink:kafka:Kafka" },
  ],
  pending_operations: [{ type: "creating", resource: { urn: "urn:d" } }],
};

test("an orphan carries the label but its id is not in the state", () => {
  expect(orphans([{ id: "1" }, { id: "2" }], state)).toEqual([{ id: "2" }]);
});

test("with an empty state everything labelled is an orphan", () => {
  expect(orphans([{ id: "1" }], {})).toEqual([{ id: "1" }]);
});

test("pending operations are dropped and named, resources stay", () => {
  expect(withoutPending(state)).toEqual({ state: { ...state, pending_operations: [] }, cleared: ["urn:d"] });
  expect(withoutPending({ resources: [] }).cleared).toEqual([]);
});

test("unprotecting leaves nothing protected or retained and changes nothing else", () => {
  const { resources } = unprotected(state);
  expect(resources).toEqual(state.resources.map(resource => ({ ...resource, protect: false, retainOnDelete: false })));
});

test("a failed job is one that ended with another code than 0; services and running jobs are none", () => {
  const failed = { job: true, state: "exited", exitCode: 1 };
  expect(failedJobs([failed, { ...failed, exitCode: 0 }, { ...failed, job: false }, { ...failed, state: "running" }])).toEqual([failed]);
});
