import { answers, failOnExit, jobResults, keptBackups, restoredBackup } from "../../../ops/backups/program";

const line = '{"job":"redis-queue","id":"20261124T020000Z","phase":"Completed","seconds":1.5,"bytes":1024}';

test("answers are read line by line, empty lines left out", () => {
  expect(answers("backup run", jobResults, [line, ""])).toEqual([
    { job: "redis-queue", id: "20261124T020000Z", phase: "Completed", seconds: 1.5, bytes: 1024 },
  ]);
});

test.each([
  ["a line that is no JSON", ["Traceback"], /answered a line that is not JSON: Traceback/],
  ["a phase that velero does not know", [line.replace("Completed", "Fine")], /something else than expected: 0.phase/],
])("%s is a failure that says so", (_, lines, message) => {
  expect(() => answers("backup run", jobResults, lines)).toThrow(message);
});

test("a backup whose manifest is refused is no backup to choose", () => {
  const whole = '{"job":"redis-queue","id":"20261124T020000Z","finished":"2026-11-24T02:00:01Z","kind":"redis-rdb","bytes":1}';
  const refused = '{"job":"redis-queue","id":"20261124T020500Z","kind":"redis-rdb","refused":{"file":"manifests/x.json","why":"is not ours"}}';
  expect(answers("backup list", keptBackups, [refused, whole]).map(({ id }) => id)).toEqual(["20261124T020000Z"]);
});

test("a restore that answers nothing is a failure", () => {
  expect(() => answers("restore", restoredBackup, [])).toThrow("something else than expected");
  expect(answers("restore", restoredBackup, ['{"id":"20261124T020000Z"}'])[0]).toEqual({ id: "20261124T020000Z", fellBack: [] });
});

test.each<[number, string]>([
  [1, "failed"],
  [3, "refused"],
])("exit code %d ends as %s, with what was said", (code, outcome) => {
  expect(() => failOnExit("restore of redis-queue", code, "redis-queue/x.rdb is truncated")).toThrow(
    expect.objectContaining({ outcome, message: expect.stringContaining("redis-queue/x.rdb is truncated") }),
  );
});

test("exit code 0 is no failure", () => {
  expect(() => failOnExit("restore", 0, "")).not.toThrow();
});
