import type { StackContainer } from "../../ops/docker";
import { judge, missing, settle } from "../../ops/health";

const start = new Date("2026-11-23T12:00:00Z");
const after = (seconds: number) => new Date(start.getTime() + seconds * 1000);
const check = { status: "healthy" as const, test: ["CMD", "true"], lastOutput: "", interval: 15, timeout: 5, startPeriod: 30, retries: 3 };
const container = (change: Partial<StackContainer>): StackContainer => ({
  id: "1",
  name: "c",
  service: "web",
  job: false,
  state: "running",
  exitCode: 0,
  restarts: 0,
  startedAt: start,
  image: "i",
  ports: [],
  memoryLimit: 0,
  cpuLimit: 0,
  health: check,
  ...change,
});
const starting = { ...check, status: "starting" as const };
const unhealthy = { ...check, status: "unhealthy" as const };

test.each<[string, Partial<StackContainer>, number, string]>([
  ["healthy", {}, 0, "well"],
  ["running without a health check", { health: undefined }, 0, "well"],
  ["starting inside its own terms (30 + 4 × 20 + 5 s)", { health: starting }, 114, "waiting"],
  ["starting beyond them", { health: starting }, 115, "ill"],
  ["unhealthy for less than one more check", { health: unhealthy }, 24, "waiting"],
  ["unhealthy for longer", { health: unhealthy }, 25, "ill"],
  ["restarting for less than one check", { state: "restarting" }, 19, "waiting"],
  ["restarting for longer", { state: "restarting" }, 20, "ill"],
  ["a job that succeeded", { job: true, state: "exited" }, 0, "well"],
  ["a job that failed", { job: true, state: "exited", exitCode: 3 }, 0, "ill"],
  ["a job that runs", { job: true }, 1000, "waiting"],
])("%s", (_, change, seconds, kind) => {
  expect(judge(container(change), start, after(seconds)).kind).toBe(kind);
});

test("settling waits until everything is well", async () => {
  const reads = [[container({ health: starting, startedAt: new Date() })], [container({})]];
  const waited: string[][] = [];
  expect(
    await settle(
      () => Promise.resolve(reads.shift()!),
      names => waited.push(names),
      new AbortController().signal,
    ),
  ).toEqual([]);
  expect(waited).toEqual([["web"]]);
});

test("settling returns what is ill once nothing can still recover", async () => {
  const job = container({ job: true, state: "exited", exitCode: 2, service: "schema" });
  const ill = await settle(
    () => Promise.resolve([container({}), job]),
    () => undefined,
    new AbortController().signal,
  );
  expect(ill).toEqual([{ container: job, reason: "the job ended with exit code 2" }]);
});

test("missing are the planned services without a container, but no jobs and nothing left out", () => {
  const planned = [
    { name: "web", job: false },
    { name: "db", job: false },
    { name: "schema", job: true },
    { name: "grafana", job: false, leftOut: "no image" },
  ];
  expect(missing(planned, [container({})])).toEqual(["db"]);
});
