import type { KeptBackup } from "../../../ops/backups/program";
import { choose } from "../../../ops/restore/choose";
import { chosenTargets, targets } from "../../../ops/restore/targets";
import { ultrathinkPlan } from "../support/plan";

const plan = ultrathinkPlan();
const all = targets(plan);
const now = new Date("2026-11-24T12:00:00Z");
const at = (job: string, time: string): KeptBackup => ({
  job,
  id: time.replace(/[-:]/g, ""),
  finished: time,
  kind: "any",
  bytes: 1024,
});
const kept = [
  at("timescaledb", "2026-11-23T00:30:00Z"),
  at("timescaledb", "2026-11-24T00:30:00Z"),
  at("timescaledb-dump", "2026-11-24T02:00:00Z"),
  at("redis-queue-daily", "2026-11-23T02:00:00Z"),
  at("redis-queue", "2026-11-24T11:55:00Z"),
  at("mlflow-artifacts", "2026-11-23T03:00:00Z"),
  at("mlflow-artifacts", "2026-11-24T03:00:00Z"),
];
const of = (service: string) => chosenTargets(plan, service);
const chosen = (choices: ReturnType<typeof choose>) =>
  choices.map(({ target, backup, id, to }) => [target.service, backup.id, id, to?.toISOString()]);

test("without a wish the newest of each is taken, and may be passed over when it is damaged", () => {
  expect(chosen(choose(all, kept, {}, now))).toEqual([
    ["timescaledb", "20261124T003000Z", undefined, undefined],
    ["redis-queue", "20261124T115500Z", undefined, undefined],
    ["object-store", "20261124T030000Z", undefined, undefined],
  ]);
});

test("for a moment the database gets the moment, and the others the newest backup before it and no other", () => {
  const to = new Date("2026-11-24T02:30:00Z");
  expect(chosen(choose(all, kept, { to }, now))).toEqual([
    ["timescaledb", "20261124T003000Z", undefined, "2026-11-24T02:30:00.000Z"],
    ["redis-queue", "20261123T020000Z", "20261123T020000Z", undefined],
    ["object-store", "20261123T030000Z", "20261123T030000Z", undefined],
  ]);
});

test("a backup that was named is the only one", () => {
  expect(chosen(choose(of("timescaledb"), kept, { id: "20261123T003000Z" }, now))).toEqual([
    ["timescaledb", "20261123T003000Z", "20261123T003000Z", undefined],
  ]);
});

test("into a new database goes the newest dump", () => {
  expect(chosen(choose(of("timescaledb"), kept, { into: "recovery" }, now))).toEqual([["timescaledb", "20261124T020000Z", undefined, undefined]]);
});

test.each<[string, KeptBackup[], Parameters<typeof choose>[2], RegExp]>([
  ["a moment in the future", kept, { to: new Date("2026-11-25T00:00:00Z") }, /--to: 2026-11-25T00:00:00.000Z is in the future/],
  [
    "a moment before the first backup",
    kept,
    { to: new Date("2026-11-01T00:00:00Z") },
    /timescaledb: --to: 2026-11-01T00:00:00.000Z lies before its oldest backup, which was finished at 2026-11-23T00:30:00Z[^]*redis-queue[^]*object-store/,
  ],
  [
    "a backup that is not there",
    kept,
    { id: "20200101T000000Z" },
    /there is no backup 20200101T000000Z of timescaledb; there are 20261124T003000Z, 20261123T003000Z/,
  ],
  ["an empty vault", [], {}, /timescaledb: the vault holds no backup of it; `bin\/ops backup timescaledb` makes one/],
])("%s is refused with what there is", (_, there, wanted, message) => {
  expect(() => choose(all, there, wanted, now)).toThrow(expect.objectContaining({ outcome: "usage", message: expect.stringMatching(message) }));
});

test("what has no backup cannot be restored, and the message says what can", () => {
  expect(() => chosenTargets(plan, "grafana")).toThrow('--only: "grafana" is not allowed; restored can be timescaledb, redis-queue, object-store');
});
