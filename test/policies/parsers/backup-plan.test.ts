import { parseBackupPlan, parseCrontab } from "../../../policies/parsers/backup-plan";

test("reads a plan, and nothing in what is none", () => {
  expect(parseBackupPlan('{"jobs": [{"name": "a"}]}')).toEqual({ jobs: [{ name: "a" }] });
  expect(["", "{", "[]", "{}", '{"jobs": {}}'].map(parseBackupPlan)).toEqual([undefined, undefined, undefined, undefined, undefined]);
});

test("reads schedule and command of a crontab's lines, and no comment", () => {
  expect(parseCrontab("# 0 1 * * * not me\n*/5 * *  * * backup run a\n\n0 4 * * 0 backup restore-test \n")).toEqual([
    { schedule: "*/5 * * * *", command: "backup run a" },
    { schedule: "0 4 * * 0", command: "backup restore-test" },
  ]);
});
