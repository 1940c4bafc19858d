import { lifecycleOf } from "../../../vault/aws/lifecycle";
import { place } from "./support";

const rules = lifecycleOf(place.system);
const brief = (which: keyof typeof rules) => rules[which].map(({ filter, expiration }) => [filter.prefix, expiration?.days]);

test("what goes by age is what the requirements name: dumps by their folder, and the bucket of the last day", () => {
  expect(brief("locked")).toEqual([
    ["", undefined],
    ["timescaledb-dump/daily/", 30],
    ["timescaledb-dump/weekly/", 84],
    ["timescaledb-dump/monthly/", 365],
  ]);
  expect(brief("unlocked")).toEqual([
    ["", undefined],
    ["redis-queue/", 1],
    ["manifests/redis-queue/", 1],
  ]);
  expect(brief("logs")).toEqual([
    ["", undefined],
    ["", 365],
  ]);
});

test("in every bucket hidden versions go after 30 days and cut-off uploads after 7", () => {
  for (const [first] of Object.values(rules)) {
    expect(first).toMatchObject({
      status: "Enabled",
      noncurrentVersionExpiration: { noncurrentDays: 30 },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
    });
  }
});

test("nothing of pgBackRest's goes by age, and nothing anywhere to an archive", () => {
  expect(brief("locked").filter(([prefix, age]) => age !== undefined && "pgbackrest/".startsWith(String(prefix)))).toEqual([]);
  expect(JSON.stringify(rules)).not.toMatch(/transition/i);
});
