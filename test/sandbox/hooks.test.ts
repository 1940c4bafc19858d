import * as docker from "@pulumi/docker";
import { ResourceHook } from "@pulumi/pulumi";
import type { Stack } from "@pulumi/pulumi/automation";
import { inspect, sweep } from "./support/docker";
import { startEngine, type TestEngine } from "./support/engine";
import { IMAGE, makeImage } from "./support/image";
import { describeReal } from "./support/requirements";

jest.setTimeout(300_000);

const PREFIX = "t-sandbox-hooks-";

/** What the hooks saw. */
let calls: { name: string; running: boolean; metTheOther: boolean }[] = [];
let fail = false;
let together = meeting(2, 10_000);

/** A meeting point: `enter` is true once `count` callers are inside at once, false when that takes longer than `limitMs`. */
function meeting(count: number, limitMs: number) {
  let arrived = 0;
  let open!: (met: boolean) => void;
  const opened = new Promise<boolean>(resolve => (open = resolve));
  return {
    async enter(): Promise<boolean> {
      arrived += 1;
      if (arrived === count) open(true);
      const timer = setTimeout(() => open(false), limitMs);
      const met = await opened;
      clearTimeout(timer);
      return met;
    },
  };
}

function program() {
  const ready = new ResourceHook("ready", async args => {
    const name = args.newOutputs!.name as string;
    const running = (await inspect(name))!.State.Running;
    calls.push({ name, running, metTheOther: await together.enter() });
    if (fail) throw new Error(`${name} is not ready`);
  });
  for (const name of ["one", "two"]) {
    new docker.Container(
      name,
      { name: PREFIX + name, image: IMAGE, command: ["sleep", "1000"], init: true, memory: 16, memorySwap: 16, logDriver: "json-file" },
      { hooks: { afterCreate: [ready] } },
    );
  }
  return Promise.resolve();
}

describeReal("resource hooks of an inline program under the real engine", () => {
  let real: TestEngine;
  let stack: Stack;

  beforeAll(async () => {
    makeImage();
    await sweep(PREFIX);
    real = await startEngine();
    stack = await real.stack("hooks", program);
  });

  beforeEach(() => {
    calls = [];
    together = meeting(2, 10_000);
  });

  afterAll(async () => {
    await stack?.destroy();
    await real?.end();
  });

  it("fails the update when an afterCreate hook throws, and keeps what was created", async () => {
    fail = true;
    await expect(stack.up()).rejects.toThrow(/t-sandbox-hooks-(one|two) is not ready/);

    const { deployment } = await stack.exportStack();
    expect(containersIn(deployment)).toHaveLength(2);
    expect(calls.map(({ running }) => running)).toEqual([true, true]);
  });

  it("does not run the hook again on the next up: whoever relies on it has to check anew", async () => {
    fail = false;
    const again = await stack.up();

    expect(again.summary.resourceChanges).toEqual({ same: 3 });
    expect(calls).toEqual([]);
  });

  it("runs the hooks of independent resources at the same time, after their creation", async () => {
    await stack.destroy();
    await stack.up();

    expect(calls.map(({ name }) => name).sort()).toEqual([`${PREFIX}one`, `${PREFIX}two`]);
    expect(calls.every(({ running, metTheOther }) => running && metTheOther)).toBe(true);
  });
});

function containersIn(deployment: { resources?: { type: string }[] }): unknown[] {
  return (deployment.resources ?? []).filter(({ type }) => type === "docker:index/container:Container");
}
