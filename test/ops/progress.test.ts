import type { EngineEvent } from "@pulumi/pulumi/automation";
import { Progress, clock, duration, plain } from "../../ops/progress";

const CONTAINER = "docker:index/container:Container";
const urn = (name: string, type = CONTAINER) => `urn:pulumi:dev::p::ultrathink:kafka:Kafka$${type}::${name}`;

let now: number;
let progress: Progress;
beforeEach(() => {
  now = 0;
  progress = new Progress(new Set(["web", "db"]), () => now);
});

type StepOverrides = { type?: string; [key: string]: unknown };
const step = (name: string, op: string, { type = CONTAINER, ...rest }: StepOverrides = {}) => ({
  metadata: { op, urn: urn(name, type), type, provider: "", ...rest },
});
const pre = (name: string, op: string, more?: StepOverrides) => progress.apply({ resourcePreEvent: step(name, op, more) } as unknown as EngineEvent);
const done = (name: string, op: string, more?: StepOverrides) => progress.apply({ resOutputsEvent: step(name, op, more) } as unknown as EngineEvent);
const error = (message: string, about?: string) =>
  progress.apply({ diagnosticEvent: { severity: "error", message, color: "never", ...(about ? { urn: about } : {}) } } as unknown as EngineEvent);

const up = (name: string) =>
  progress.apply({ diagnosticEvent: { severity: "info", message: "is up\n", color: "never", urn: urn(name) } } as unknown as EngineEvent);

test("a service is ready when the program says so, with the seconds that it took", () => {
  pre("web", "create");
  now = 3;
  expect(done("web", "create")).toBeUndefined();
  expect(progress.running).toEqual(["web"]);
  now = 7;
  expect(up("web")).toBe("web");
  expect([...progress.ready]).toEqual([["web", 7]]);
});

test("an unchanged service is ready at once and is no change", () => {
  pre("web", "same");
  done("web", "same");
  expect(up("web")).toBe("web");
  expect([...progress.ready]).toEqual([["web", 0]]);
  expect(progress.changes).toEqual([]);
});

test("what the program says again of a failed resource is said once", () => {
  error("web is not healthy", urn("web"));
  error("web is not healthy");
  expect(progress.failures).toEqual([{ resource: { name: "web", type: CONTAINER }, message: "web is not healthy" }]);
});

test("only planned containers count", () => {
  pre("other", "create");
  pre("db", "create", { type: "random:index/randomPassword:RandomPassword" });
  expect(done("other", "create")).toBeUndefined();
  expect(progress.running).toEqual([]);
});

test("changes name what differs; a refresh that only shows old and new is compared", () => {
  pre("web", "update", { diffs: ["memory"] });
  done("db", "update", { old: { outputs: { mustRun: true, image: "a" } }, new: { outputs: { mustRun: false, image: "a" } } });
  pre("net", "replace", { type: "docker:index/network:Network", keys: ["name"] });
  pre("p", "create", { type: "pulumi:providers:docker" });
  expect(progress.changes).toEqual([
    { name: "web", type: CONTAINER, operation: "update", properties: ["memory"] },
    { name: "db", type: CONTAINER, operation: "update", properties: ["mustRun"] },
    { name: "net", type: "docker:index/network:Network", operation: "replace", properties: ["name"] },
  ]);
});

test("a failure names its resource, in plain words and once; the engine's closing line adds nothing", () => {
  const message = "<{%fg 1%}>1 error occurred:\n\t* container failed\n<{%reset%}>";
  error(message, urn("web"));
  error(message, urn("web"));
  error("update failed", "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev");
  expect(progress.failures).toEqual([{ resource: { name: "web", type: CONTAINER }, message: "container failed" }]);
});

test("what the official plugin logs and the engine says again is one failure, of each resource that has it", () => {
  const why = 'Unable to upload volume content: Error response from daemon: unable to find "1:1"';
  for (const name of ["web", "db"]) {
    error(`  sdk-v2/provider2.go:571: sdk.helper_schema: ${why}: provider=docker@5.2.0`, urn(name));
    error(`1 error occurred:\n\t* creating ${urn(name)}: 1 error occurred:\n\t* ${why}\n\n`, urn(name));
  }
  expect(progress.failures).toEqual([
    { resource: { name: "web", type: CONTAINER }, message: why },
    { resource: { name: "db", type: CONTAINER }, message: why },
  ]);
});

test("the closing line stands when nothing else was said", () => {
  error("update failed");
  expect(progress.failures).toEqual([{ resource: undefined, message: "update failed" }]);
});

test("violations keep their level", () => {
  const event = (enforcementLevel: string) =>
    ({ policyEvent: { resourceUrn: urn("web"), message: "m", color: "", policyName: "r", enforcementLevel } }) as unknown as EngineEvent;
  progress.apply(event("mandatory"));
  progress.apply(event("warning"));
  expect(progress.violations.map(({ mandatory }) => mandatory)).toEqual([true, false]);
});

test("the clock tells how many of how many, what runs and how long it may take", () => {
  pre("web", "create");
  up("db");
  expect(clock(progress, 20, 75)).toBe("[20s] 1/2 ready, about 55s left: web");
  expect(clock(progress, 80, 75)).toBe("[1m20s] 1/2 ready, 5.0s longer than last time: web");
  expect(clock(progress, 20, undefined)).toBe("[20s] 1/2 ready: web");
});

test.each([
  [0.42, "0.4s"],
  [9.99, "10s"],
  [59.4, "59s"],
  [59.6, "1m00s"],
  [3725, "62m05s"],
])("%p seconds read as %s", (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

test("colour markup of the engine is dropped", () => {
  expect(plain("<{%fg 13%}>error:<{%reset%}> x \n")).toBe("error: x");
});
