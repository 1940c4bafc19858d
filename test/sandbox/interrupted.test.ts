import { spawn, execFileSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Stack } from "@pulumi/pulumi/automation";
import { daemon, inspect, sweep } from "./support/docker";
import { startEngine, type TestEngine } from "./support/engine";
import { makeImage } from "./support/image";
import { describeReal } from "./support/requirements";
import { PREFIX, slowProgram } from "./support/slowProgram";

jest.setTimeout(300_000);

/** Polls until `condition` holds. */
async function until(condition: () => Promise<boolean> | boolean, what: string): Promise<void> {
  for (const deadline = Date.now() + 240_000; !(await condition()); await delay(100)) {
    if (Date.now() > deadline) throw new Error(`in vain: ${what}`);
  }
}

/** Every process that this one started, directly or not. */
function descendantsOf(pid: number): number[] {
  const rows = execFileSync("ps", ["-e", "-o", "pid=,ppid="], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map(row => row.trim().split(/\s+/).map(Number) as [pid: number, parent: number]);
  const below = (parent: number): number[] => rows.filter(row => row[1] === parent).flatMap(([child]) => [child, ...below(child)]);
  return below(pid);
}

/** True while the process exists and is not a zombie. */
function isAlive(pid: number): boolean {
  try {
    return !execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).startsWith("Z");
  } catch {
    return false;
  }
}

async function pendingCreations(stack: Stack): Promise<string[]> {
  const { deployment } = await stack.exportStack();
  return ((deployment.pending_operations ?? []) as { resource: { urn: string } }[]).map(({ resource }) => resource.urn);
}

/** Makes the slow container's health check pass as soon as that container is there. */
async function unblock(): Promise<void> {
  await until(async () => (await inspect(`${PREFIX}slow`))?.State.Running ?? false, "the slow container runs");
  const exec = await daemon.getContainer(`${PREFIX}slow`).exec({ Cmd: ["sh", "-c", ": > /tmp/ready"] });
  await exec.start({});
}

describeReal("an up that was killed half-way", () => {
  let real: TestEngine;
  beforeAll(async () => {
    makeImage();
    await sweep(PREFIX);
    real = await startEngine();
  });
  afterAll(async () => {
    await sweep(PREFIX);
    await real?.end();
  });

  it("leaves no process of its own behind", async () => {
    const script = join(__dirname, "support", "slowUp.ts");
    const child = spawn(process.execPath, ["--import", "tsx", script, real.stateFolder], { stdio: "inherit", detached: true });
    await until(async () => (await inspect(`${PREFIX}slow`))?.State.Running ?? false, "the slow container runs");
    const started = descendantsOf(child.pid!);
    // The engine, the providers and the policy pack at least.
    expect(started.length).toBeGreaterThanOrEqual(3);
    // The whole group, as a closed terminal does: the engine has no time to end anything itself.
    process.kill(-child.pid!, "SIGKILL");
    await once(child, "exit");

    await until(() => !started.some(isAlive), "the engine, the providers and the policy pack end with their parent");
  });

  it("keeps the stack locked until it is cancelled", async () => {
    const stack = await real.stack("interrupted", slowProgram);

    await expect(stack.refresh()).rejects.toThrow(/locked/);
    await stack.cancel();
    await expect(pendingCreations(stack)).resolves.toEqual([expect.stringMatching(/::slow$/)]);
  });

  it("forgets the unfinished creation by a refresh, whose container then stands in the way of the next up", async () => {
    const stack = await real.stack("interrupted", slowProgram);
    await stack.refresh({ clearPendingCreates: true });

    await expect(pendingCreations(stack)).resolves.toEqual([]);
    await expect(stack.up()).rejects.toThrow(/name "\/t-sandbox-interrupted-slow" is already in use/);
  });

  it("converges once that container is removed", async () => {
    const stack = await real.stack("interrupted", slowProgram);
    await daemon.getContainer(`${PREFIX}slow`).remove({ force: true });
    const [result] = await Promise.all([stack.up(), unblock()]);

    expect(result.summary.resourceChanges).toEqual({ create: 1, same: 2 });
    await stack.destroy();
  });
});
