import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { weeklyRestart } from "../../components/weekly-restart";

const folder = mkdtempSync(join(tmpdir(), "weekly-restart-"));
afterAll(() => rmSync(folder, { recursive: true }));

function program(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

const wrapped = (args: string[]) => {
  const { entrypoint, command } = weeklyRestart({ day: "Sunday", hour: 1 }, args);
  return [...entrypoint, ...command] as [string, ...string[]];
};

/** Seconds that the wrapper hands to `timeout` when the clock says this. */
function secondsLeft(now: string): number {
  program("date", `echo ${Date.parse(now) / 1000}`);
  program("timeout", 'echo "$@"');
  const [shell, ...args] = wrapped(["/bin/server", "--flag=a b"]);
  const { stdout } = spawnSync(shell, args, { encoding: "utf8", env: { PATH: `${folder}:/usr/bin:/bin` } });
  const [, seconds] = /^-s TERM (\d+) \/bin\/server --flag=a b\n$/.exec(stdout)!;
  return Number(seconds);
}

test.each([
  ["2026-11-22T00:59:59Z", 1],
  ["2026-11-22T01:00:00Z", 7 * 86_400],
  ["2026-11-22T01:00:01Z", 7 * 86_400 - 1],
  ["2026-11-23T01:00:00Z", 6 * 86_400],
  ["2026-11-28T23:00:00Z", 7_200],
])("at %s the next Sunday 01:00 UTC is %d seconds away", (now, seconds) => {
  expect(secondsLeft(now)).toBe(seconds);
});

test("a stop in between reaches the program, which ends in its own way", async () => {
  rmSync(join(folder, "date"), { force: true });
  rmSync(join(folder, "timeout"), { force: true });
  const server = program("server", "trap 'echo asked to stop; exit 0' TERM; echo ready; while :; do sleep 0.1; done");
  const [shell, ...args] = wrapped([server]);
  const child = spawn(shell, args);
  let output = "";
  child.stdout.on("data", (data: Buffer) => {
    output += data.toString();
    if (output === "ready\n") child.kill("SIGTERM");
  });
  await new Promise(resolve => child.on("close", resolve));
  expect(output).toBe("ready\nasked to stop\n");
});
