import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type Outcome, run } from "../../../ops/gameday/experiment";
import { STANDARD, scenarios } from "../../../ops/gameday/scenarios";
import { Steps } from "../../../ops/steps";
import { FakePlatform } from "../support/tools";

// What is waited for on a real platform is there at once on this one; what never comes is not waited for.
jest.mock("../../../ops/gameday/until", () => ({ until: (_: number, ask: () => Promise<unknown>) => ask() }));
jest.spyOn(global, "setTimeout").mockImplementation(((work: () => void) => setImmediate(work)) as unknown as typeof setTimeout);

const folder = join(__dirname, "../../../ops/gameday/scenarios");

test("every scenario is a file of its own name, and every file a scenario", () => {
  const files = readdirSync(folder).filter(name => name !== "index.ts");
  expect(scenarios.map(({ name }) => `${name}.ts`).sort()).toEqual(files.sort());
});

test("all of them run in an order in which what loses most comes last", () => {
  expect(scenarios.map(({ name }) => name)).toEqual([
    "redis-lost",
    "artifacts-lost",
    "newest-backup-damaged",
    "bucket-unreachable",
    "upload-cut",
    "kafka-broker-disk-lost",
    "point-in-time",
    "timescaledb-volume-lost",
    "state-lost",
    "total-loss",
  ]);
  expect(STANDARD).toBe("total-loss");
});

test.each(scenarios)("$name reads like a page: title, hypothesis, method, verification, rollbacks", ({ name, title, hypothesis, prepare }) => {
  const { method, verification, rollbacks } = prepare(new FakePlatform().tools);
  expect(title).toMatch(/^[A-Z].*[^.]$/);
  expect(hypothesis).toMatch(/^(?:[A-Z]|`up`).*\.$/);
  expect([method.length, verification.length, rollbacks.length].every(count => count > 0)).toBe(true);
  const order = ["title:", "hypothesis:", "method:", "verification:", "rollbacks:"].map(word =>
    readFileSync(join(folder, `${name}.ts`), "utf8").indexOf(word),
  );
  expect([...order].sort((a, b) => a - b)).toEqual(order);
});

async function play(name: string, breaks: (platform: FakePlatform, what: string) => void = () => undefined) {
  const platform = new FakePlatform();
  platform.breaks = what => breaks(platform, what);
  const scenario = scenarios.find(one => one.name === name)!;
  const outcome = await run({
    procedure: scenario.prepare(platform.tools),
    serving: [],
    recoverable: [],
    steps: new Steps(() => undefined),
    signal: new AbortController().signal,
    recovered: () => undefined,
  });
  return { platform, outcome };
}

const faults = ({ verification }: Outcome) => verification.filter(({ held }) => !held).map(({ name }) => name);

test.each(scenarios)("$name holds on a platform that recovers", async ({ name }) => {
  const { outcome } = await play(name);
  expect([outcome.status, outcome.error, faults(outcome)]).toEqual(["completed", undefined, []]);
  expect(outcome.steps.filter(step => step.outcome === "failed")).toEqual([]);
});

/** How each scenario's promise can be broken, and what its verification then says. */
test.each<[string, string, (platform: FakePlatform, what: string) => void, string]>([
  ["redis-lost", "a job is lost", (platform, what) => what === "up" && platform.jobs.pop(), "every queued job waits in its place"],
  [
    "artifacts-lost",
    "an artifact is lost",
    (platform, what) => what === "up" && platform.artifacts.clear(),
    "every run is there, and its artifacts byte by byte",
  ],
  [
    "newest-backup-damaged",
    "the damage is not noticed",
    (platform, what) => what.startsWith("restore") && platform.damaged.clear(),
    "the damaged backup was refused",
  ],
  [
    "bucket-unreachable",
    "a backup claims to be done",
    (platform, what) => what.startsWith("back up") && (platform.vaultUp = true),
    "the backup was a failure, not a success",
  ],
  ["bucket-unreachable", "rows are lost", (platform, what) => what === "start the vault" && (platform.rows = 0), "the rows are there"],
  [
    "upload-cut",
    "half a backup has a manifest",
    (platform, what) => what === "start the vault" && platform.kept.get("timescaledb-dump")!.push({ id: "half", held: {} as never }),
    "it left no manifest",
  ],
  ["kafka-broker-disk-lost", "a message is lost", (platform, what) => what === "up" && (platform.messages -= 1), "no message is lost"],
  ["point-in-time", "the rows stay deleted", (platform, what) => what === "up" && (platform.rows = 0), "every deleted row is there"],
  ["timescaledb-volume-lost", "a row is lost", (platform, what) => what === "up" && (platform.rows -= 1), "every table has its rows"],
  [
    "timescaledb-volume-lost",
    "a write in the middle is lost",
    (platform, what) => what === "up" && (platform.beats -= 1),
    "the writes are there without a hole, up to the last archived one",
  ],
  ["state-lost", "something is there twice", (platform, what) => what === "up" && platform.containers.push("timescaledb"), "nothing is there twice"],
  ["state-lost", "a volume is made anew", (platform, what) => what === "up" && platform.volumes.push("other"), "the data volumes are the same"],
  ["total-loss", "a row is lost", (platform, what) => what === "up" && (platform.rows -= 1), "every table has its rows"],
  ["total-loss", "a job is lost", (platform, what) => what === "up" && platform.jobs.pop(), "every queued job waits in its place"],
  [
    "total-loss",
    "runs are lost",
    (platform, what) => what === "up" && platform.artifacts.clear(),
    "no experiment, run or model of the tracking server is missing",
  ],
  [
    "total-loss",
    "artifacts are lost",
    (platform, what) => what === "up" && platform.artifacts.clear(),
    "every run is there, and its artifacts byte by byte",
  ],
])("%s deviates when %s", async (name, _, breaks, fault) => {
  const { outcome } = await play(name, breaks);
  expect(outcome.status).toBe("completed");
  expect(faults(outcome)).toContain(fault);
});

test.each(["bucket-unreachable", "upload-cut"])("%s starts the vault again, whatever went wrong", async name => {
  const { platform, outcome } = await play(name, (_, what) => {
    if (what === "kill the vault") throw new Error("no such container");
  });
  expect(outcome.status).toBe("failed");
  expect(platform.done).toContain("start the vault");
});

test("total loss makes the backups while writes go on, and loses the state too", async () => {
  const { platform } = await play("total-loss");
  const order = [
    "write",
    "back up timescaledb",
    "back up kafka",
    "lose everything",
    "lose the state",
    "restore timescaledb, redis-queue, object-store",
    "up",
  ];
  expect(platform.done.filter(what => order.includes(what))).toEqual(order);
});

test("total loss comes only once the rows that are compared after it are archived", async () => {
  const { platform, outcome } = await play("total-loss", (one, what) => what === "write" && (one.waitingWal = 1));
  expect(outcome.error).toMatch(/WAL 0{7}1\w+ is not archived$/);
  expect(platform.done).not.toContain("lose everything");
});

test.each([
  ["newest-backup-damaged", "redis-queue"],
  ["upload-cut", "timescaledb-dump"],
])("%s makes its backups in a gap of their schedule", async (name, job) => {
  const { platform } = await play(name);
  const order = [`wait for the schedule of ${job}`, `back up ${job}`];
  expect(platform.done.filter(what => order.includes(what)).slice(0, 2)).toEqual(order);
});
