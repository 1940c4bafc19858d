import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ultrathink } from "../../systems/ultrathink";
import { anonymousVolumes, docker, STACK_LABEL, stackContainers } from "./harness/docker";
import { environment, root } from "./harness/paths";
import { run, succeed } from "./harness/shell";
import { leftOut, ops, opsOk, sql } from "./harness/stack";
import { until } from "./harness/until";
import { commands } from "./runbook/commands";
import { blocks } from "./runbook/markdown";

const [down, purge] = blocks(readFileSync(join(root, "docs/runbook.md"), "utf8"))
  .filter(({ treatment }) => treatment.in === "90-down-and-purge")
  .flatMap(({ text }) => commands(text));
let decisions: number;
let absent: string[];

const volumes = async () => (await docker.listVolumes({ filters: { label: [STACK_LABEL] } })).Volumes.map(({ Name }) => Name).sort();
const networks = () => docker.listNetworks({ filters: { label: [STACK_LABEL] } });

describe("make down", () => {
  it("leaves nothing but the data volumes", async () => {
    decisions = Number(await sql("SELECT count(*) FROM trading_decisions"));
    absent = await leftOut();
    expect(decisions).toBeGreaterThan(0);
    const anonymous = Object.values(await stackContainers()).flatMap(anonymousVolumes);
    await succeed(down!, { seconds: 600 });
    expect(Object.keys(await stackContainers())).toEqual([]);
    expect(await networks()).toEqual([]);
    const left = new Set((await docker.listVolumes()).Volumes.map(({ Name }) => Name));
    expect(anonymous.filter(name => left.has(name))).toEqual([]);
    expect(await volumes()).toEqual(
      Object.values(ultrathink.volumes)
        .filter(({ service }) => !absent.includes(service))
        .map(({ name }) => `infrastructure_${name}`)
        .sort(),
    );
  });
});

describe("an up that is killed half-way", () => {
  it("converges when run again, with the data of before", async () => {
    const child = spawn("bin/ops", ["up"], { cwd: root, env: environment(), detached: true, stdio: "ignore" });
    const ended = new Promise(resolve => child.on("close", resolve));
    await until("some containers, not all", 300, async () => {
      if (child.exitCode !== null) throw new Error(`up ended with ${child.exitCode} before it could be killed`);
      return Object.keys(await stackContainers()).length >= 6 ? true : undefined;
    });
    process.kill(-child.pid!, "SIGKILL");
    await ended;
    const some = Object.keys(await stackContainers()).length;
    expect(some).toBeLessThan(Object.keys(ultrathink.services).length - absent.length);

    await opsOk("up", { seconds: 1200 });
    expect((await ops("status")).code).toBe(0);
    expect(Number(await sql("SELECT count(*) FROM trading_decisions"))).toBeGreaterThanOrEqual(decisions);
    expect((await opsOk("up")).stdout).toMatch(/^Nothing changed/m);
  });
});

describe("make purge", () => {
  it("refuses when nobody is there to confirm", async () => {
    const { code } = await run(purge!, { seconds: 120 });
    expect(code).not.toBe(0);
    expect((await volumes()).length).toBeGreaterThan(0);
  });

  it("leaves nothing", async () => {
    await succeed(`script -qec '${purge}' /dev/null`, { input: "dev\n", seconds: 600 });
    expect(Object.keys(await stackContainers())).toEqual([]);
    expect(await networks()).toEqual([]);
    expect(await volumes()).toEqual([]);
    // Reports and baselines are no part of the stack.
    expect(existsSync(join(root, ".state/dev/last-up.json"))).toBe(false);
    expect(existsSync(join(root, ".state/dev/Pulumi.dev.yaml"))).toBe(false);
    expect(existsSync(join(root, ".state/backend/.pulumi/stacks/ultrathink-infrastructure/dev.json"))).toBe(false);
  });
});

describe("the vault", () => {
  const label = { filters: { label: ["dev.ultrathink.vault=dev"] } };
  const found = async () => [
    ...(await docker.listContainers({ all: true, ...label })).flatMap(({ Names }) => Names),
    ...(await docker.listVolumes(label)).Volumes.map(({ Name }) => Name),
    ...(await docker.listNetworks(label)).map(({ Name }) => Name),
  ];

  it("outlives its stack", async () => {
    expect(await found()).toEqual(expect.arrayContaining(["/ultrathink-vault", "ultrathink_vault_data", "ultrathink-vault"]));
  });

  it("is not taken by a checkout that has not its state", async () => {
    const state = join(root, ".state/backend/.pulumi/stacks/ultrathink-vault");
    await succeed(`mv ${state} ${state}.away`);
    try {
      const { code, stderr } = await ops("vault");
      expect([code, stderr]).toEqual([
        2,
        expect.stringMatching(/ultrathink_vault_data holds a vault of dev whose state is not in this checkout; nothing was changed/),
      ]);
    } finally {
      await succeed(`mv ${state}.away ${state}`);
    }
  });

  it("leaves nothing when it is purged", async () => {
    await opsOk("vault --purge --yes");
    expect(await found()).toEqual([]);
  });

  it("leaves the checkout as it was", async () => {
    expect(await succeed("git status --porcelain")).toBe(process.env.ULTRATHINK_E2E_CHECKOUT);
  });
});
