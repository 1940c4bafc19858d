import { choiceTable, validate } from "../../../ops/commands/restore";
import { targets } from "../../../ops/restore/targets";
import { ultrathinkPlan } from "../support/plan";

test.each<[string, Record<string, string>, RegExp]>([
  ["a time without a zone", { to: "2026-11-24T09:59:00" }, /--to: "2026-11-24T09:59:00" is not allowed; use a time with its zone/],
  ["a time that is none", { to: "yesterday" }, /--to: "yesterday" is not allowed/],
  ["a thirteenth month", { to: "2026-13-24T09:59:00Z" }, /--to: "2026-13-24T09:59:00Z" is not allowed/],
  ["a backup of no service", { id: "20261124T020000Z" }, /--id: "20261124T020000Z" needs --only/],
  ["an id that is none", { id: "latest", only: "redis-queue" }, /--id: "latest" is not allowed; use a backup's id/],
  ["a new place for no service", { into: "recovery" }, /--into: "recovery" needs --only/],
  ["a place that is a path", { into: "../x", only: "redis-queue" }, /--into: "..\/x" is not allowed/],
  ["a moment and a backup", { to: "2026-11-24T09:59:00Z", id: "20261124T020000Z", only: "redis-queue" }, /--to and --id exclude each other/],
])("%s is refused with what is allowed", (_, raw, message) => {
  expect(() => validate(raw)).toThrow(expect.objectContaining({ outcome: "usage", message: expect.stringMatching(message) }));
});

test.each([
  ["2026-11-24T09:59:00Z", "2026-11-24T09:59:00.000Z"],
  ["2026-11-24 10:59+01:00", "2026-11-24T09:59:00.000Z"],
])("%s is a moment", (text, iso) => {
  expect(validate({ to: text }).to!.toISOString()).toBe(iso);
});

test("the pre-flight shows what would be used, and how far it reaches", () => {
  const [database, redis] = targets(ultrathinkPlan());
  const backup = { job: "timescaledb", id: "20261124T003000Z", finished: "2026-11-24T00:31:00Z", kind: "any", bytes: 5 * 1024 ** 2 };
  expect(
    choiceTable([
      { target: database!, backup },
      { target: redis!, backup: { ...backup, job: "redis-queue" } },
    ]),
  ).toMatch(/timescaledb +timescaledb 20261124T003000Z +2026-11-24T00:31:00Z +5M +the last archived write\n *redis-queue .* the backup/);
});
