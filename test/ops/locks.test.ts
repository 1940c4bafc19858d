import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ThisHost, clearEngineLocks, clearStaleLocks, engineLocks, holding, isStale, operationLocks, thisHost } from "../../ops/locks";

const taken = "2026-11-23T12:00:00.000Z";
const lock = { pid: 4711, username: "ops", hostname: "here", timestamp: taken };
const host = (start: string | undefined): ThisHost => ({ hostname: "here", processStart: () => (start === undefined ? undefined : new Date(start)) });

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "t-ops-locks-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a lock is stale", () => {
  test.each([
    ["when its process has ended", undefined, true],
    ["not while its process runs", "2026-11-23T11:59:00.000Z", false],
    ["not when the process began in the same second", "2026-11-23T12:00:01.000Z", false],
    ["when another process has inherited the number", "2026-11-23T12:05:00.000Z", true],
  ])("%s", (_, start, stale) => {
    expect(isStale(lock, host(start))).toBe(stale);
  });

  test("never when it was taken on another host, whose processes cannot be seen", () => {
    expect(isStale({ ...lock, hostname: "elsewhere" }, host(undefined))).toBe(false);
  });
});

test("a live process is told from one that has ended", () => {
  const ended = spawnSync("true").pid;
  expect(thisHost.processStart(ended)).toBeUndefined();
  const own = thisHost.processStart(process.pid)!;
  expect(Math.abs(own.getTime() - (Date.now() - process.uptime() * 1000))).toBeLessThan(3000);
});

test("a stale engine lock is removed and said, a live one ends the command and names its holder", () => {
  const place = join(folder, ".pulumi/locks/organization/p/s");
  mkdirSync(place, { recursive: true });
  const file = join(place, "1.json");
  writeFileSync(file, JSON.stringify(lock));
  expect(() => clearStaleLocks(engineLocks(folder, "p", "s"), host("2026-11-23T11:00:00.000Z"), fail)).toThrow(
    /process 4711 of ops on here, since 2026-11-23T12:00:00.000Z[^]*bin\/ops unlock/,
  );
  const said: string[] = [];
  clearStaleLocks(engineLocks(folder, "p", "s"), host(undefined), line => said.push(line));
  expect(said).toEqual([`Removed the lock of process 4711, which has ended (taken ${taken})`]);
  expect(existsSync(file)).toBe(false);
});

test("an engine that outlives its killed command is waited for, one that stays ends the command", async () => {
  const locks = [{ file: join(folder, "gone.json"), lock }];
  const answers = [new Date("2026-11-23T11:00:00.000Z"), new Date("2026-11-23T11:00:00.000Z")];
  const said: string[] = [];
  await clearEngineLocks(
    () => locks,
    { hostname: "here", processStart: () => answers.shift() },
    line => said.push(line),
  );
  expect(said).toEqual([
    "Waiting for process 4711, which still holds the stack, to end (at most 30 s)",
    expect.stringContaining("Removed the lock of process 4711"),
  ]);
  await expect(
    clearEngineLocks(
      () => locks,
      host("2026-11-23T11:00:00.000Z"),
      () => undefined,
      0,
    ),
  ).rejects.toMatchObject({ outcome: "locked" });
});

test("a lock that cannot be read counts as held", () => {
  writeFileSync(join(folder, "operation.lock"), "");
  expect(() => clearStaleLocks(operationLocks(folder), thisHost, fail)).toThrow("Another operation holds the stack");
});

test("two operations never hold a stack at once, and the lock is gone after a failure", async () => {
  await holding(folder, thisHost, fail, async () => {
    await expect(holding(folder, thisHost, fail, () => Promise.resolve())).rejects.toMatchObject({ outcome: "locked" });
  });
  await expect(holding(folder, thisHost, fail, () => Promise.reject(new Error("broke")))).rejects.toThrow("broke");
  expect(operationLocks(folder)).toEqual([]);
});

function fail(line: string): void {
  throw new Error(`unexpected: ${line}`);
}
