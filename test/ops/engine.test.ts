import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execute } from "../../ops/cli";
import { labels } from "../../ops/docker";
import { createLogger } from "../../ops/logger";
import { openStack } from "../../ops/stack";
import { preparePlace, readPlace, vaultPlace } from "../../ops/workspace";
import { daemon, inspect, sweep } from "../sandbox/support/docker";
import { IMAGE, makeImage } from "../sandbox/support/image";
import { describeReal } from "../sandbox/support/requirements";
import { LOG_LINE, PREFIX, STACK, makeRoot, stub, stubVault } from "./support/project";
import { testToolchain } from "./support/toolchain";

jest.setTimeout(180_000);

/** Commands against a real engine and a real Docker daemon, in the order in which a person meets them. */
describeReal("the operations on a real stack", () => {
  const healthy = { disposable: true };
  const toolchain = testToolchain();
  const main = join(__dirname, "support", "main.ts");
  let checkout: ReturnType<typeof makeRoot>;

  beforeAll(async () => {
    makeImage();
    await sweep(PREFIX);
    checkout = makeRoot(healthy);
  });

  afterAll(async () => {
    await toolchain.end();
    await sweep(PREFIX);
    checkout.end();
  });

  async function ops(...argv: string[]): Promise<{ code: number; text: string }> {
    const lines: string[] = [];
    const logger = createLogger({ out: text => lines.push(text), err: text => lines.push(text) });
    const project = () => Promise.resolve(stub);
    const self = [process.execPath, "--import", "tsx", main, checkout.root];
    const code = await execute([...argv, "--stack", STACK], toolchain, {
      logger,
      root: checkout.root,
      tty: false,
      project,
      vault: () => Promise.resolve(stubVault),
      self,
    });
    return { code, text: lines.join("") };
  }

  const stackFile = () => readFileSync(join(checkout.root, `Pulumi.${STACK}.yaml`), "utf8");
  const exists = async (service: string) => (await inspect(`${PREFIX}${service}`)) !== undefined;

  test("a preview before the first up works from an empty state and leaves none", async () => {
    const { code, text } = await ops("preview");
    expect(text).toContain("+ create   web (docker:index/container:Container)");
    expect(code).toBe(0);
    expect(existsSync(join(checkout.root, ".state/backend/.pulumi/stacks"))).toBe(false);
  });

  test("commands on a stack that was never up say so", async () => {
    for (const command of ["down", "drift", "unlock"]) {
      const { code, text } = await ops(command);
      expect(text).toContain("has never been up");
      expect(code).toBe(2);
    }
  });

  test("policy ends with 6 and names resource, rule and message; up creates nothing that violates", async () => {
    checkout.configure({ ...healthy, memory: 48 });
    const judged = await ops("policy");
    expect(judged.text).toMatch(
      /VIOLATION {2}web \(docker:index\/container:Container\)\n {2}rule: memory-limit\n[^]*memory is not 32; mend the declaration/,
    );
    expect(judged.code).toBe(6);
    expect((await ops("up")).code).toBe(6);
    expect(await exists("web")).toBe(false);
  });

  test("policy judges the vault of the stack with it, and one summary tells of both", async () => {
    checkout.configure(healthy);
    const summary = join(checkout.root, "summary.md");
    checkout.configureVault(48);
    const judged = await ops("policy", "--summary", summary);
    expect(judged.text).toMatch(/VIOLATION {2}vault \(docker:index\/container:Container\)\n {2}rule: memory-limit/);
    expect(judged.code).toBe(6);
    expect(readFileSync(summary, "utf8")).toMatch(/## tops: 5 resources\n\nNo violation\.[^]*## tops: 1 resources of the vault\n\n1 to mend/);
    checkout.configureVault(32);
    const { code, text } = await ops("policy");
    expect(text).toMatch(/5 resources judged, no violation\.\n1 resources of the vault judged, no violation\./);
    expect(code).toBe(0);
    expect(existsSync(join(checkout.root, ".state/backend/.pulumi/stacks/t-ops-vault"))).toBe(false);
    checkout.removeVault();
  });

  test("unlock releases the vault with the stack", async () => {
    checkout.configureVault(32);
    const place = vaultPlace(STACK, checkout.root);
    const folder = preparePlace(place, STACK, readPlace(place, STACK, {}));
    const prepared = await toolchain.prepare({ images: {}, log: () => undefined });
    await openStack(STACK, folder, stubVault.program, prepared, "create");
    const locks = [join(folder.path, "operation.lock"), join(folder.backend, ".pulumi", "locks", "organization", folder.project, STACK, "0.json")];
    for (const file of locks) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, JSON.stringify({ pid: 4711, username: "ops", hostname: "elsewhere", timestamp: "2026-11-23T12:00:00.000Z" }));
    }
    const { code, text } = await ops("unlock");
    const held = "process 4711 of ops on elsewhere since 2026-11-23T12:00:00.000Z";
    expect(text).toContain(`Released: ${held}; ${held}`);
    expect(code).toBe(0);
    expect(locks.filter(existsSync)).toEqual([]);
    checkout.removeVault();
  });

  test("up makes nothing of a stack that violates a rule about the whole of it", async () => {
    checkout.configure({ ...healthy, startSeconds: 777 });
    const { code, text } = await ops("up");
    expect(text).toContain("a service sleeps for 777 s");
    expect(code).toBe(6);
    expect(await exists("web")).toBe(false);
  });

  test("up names what failed, its last log lines and what to do", async () => {
    checkout.configure({ ...healthy, webFails: true });
    const { code, text } = await ops("up");
    expect(text).toMatch(
      /web \(docker:index\/container:Container\) failed: [^]*healthy[^]*\| cannot open the page file[^]*bin\/ops logs web[^]*`bin\/ops up` goes on/,
    );
    expect(code).toBe(1);
    expect(await exists("worker")).toBe(false);
  });

  test("up names what does not become healthy, and asks it again the next time", async () => {
    checkout.configure({ ...healthy, workerFails: true });
    for (const round of [1, 2]) {
      // In a process of its own, as for a person: jest takes the program's error for one of the test.
      const {
        status: code,
        stdout,
        stderr,
      } = spawnSync(process.execPath, ["--import", "tsx", main, checkout.root, "up", "--stack", STACK], {
        encoding: "utf8",
      });
      const text = `${stdout}${stderr}`;
      expect([round, text]).toEqual([
        round,
        expect.stringMatching(
          /worker \(docker:index\/container:Container\) failed: t-ops-worker is not healthy after 3s[^]*nothing to do[^]*`bin\/ops up` goes on/,
        ),
      ]);
      // Said once, although everything that waits for it fails with it.
      expect(text.match(/is not healthy after 3s/g)).toHaveLength(1);
      expect(code).toBe(1);
    }
  });

  test("an up that was killed half-way converges when run again", async () => {
    checkout.configure({ ...healthy, startSeconds: 600 });
    await daemon.getContainer(`${PREFIX}web`).remove({ force: true });
    const child = spawn(process.execPath, ["--import", "tsx", main, checkout.root, "up", "--stack", STACK], { detached: true, stdio: "ignore" });
    const began = new Promise<void>((resolve, reject) => {
      child.once("exit", code => reject(new Error(`ended by itself with ${code}`)));
      void until(() => exists("web")).then(resolve, reject);
    });
    await began;
    const orphan = (await inspect(`${PREFIX}web`))!.Id;
    const dead = new Promise(resolve => child.once("close", resolve));
    process.kill(-child.pid!, "SIGKILL");
    await dead;

    checkout.configure(healthy);
    const { code, text } = await ops("up");
    expect(text).toContain(`Removed the lock of process ${child.pid}`);
    expect(text).toContain(`Removing container ${PREFIX}web: an interrupted run made it`);
    expect(text).toContain("2 services are up and healthy");
    expect(code).toBe(0);
    expect((await inspect(`${PREFIX}web`))!.Id).not.toBe(orphan);
  });

  test("a second up changes nothing and says so; the committed stack file is untouched", async () => {
    const before = stackFile();
    const { code, text } = await ops("up");
    expect(text).toContain("Nothing changed: 2 services are up and healthy.");
    expect(code).toBe(0);
    expect(stackFile()).toBe(before);
  });

  test("status, drift and preview are quiet on a well stack", async () => {
    const shown = await ops("status");
    expect(shown.text).toMatch(new RegExp(`web +${PREFIX}web +healthy +0 .* of 32M .*${IMAGE}`));
    expect(shown.code).toBe(0);
    expect(await ops("drift")).toMatchObject({ code: 0 });
    expect((await ops("preview")).text).toContain("No changes.");
  });

  test("policy judges the state that is there, and an exported one that was loosened", async () => {
    const own = await ops("policy", "--state");
    expect(own.text).toContain("The stack's state judged, no violation.");
    expect(own.code).toBe(0);

    const { checkpoint } = JSON.parse(readFileSync(join(checkout.root, `.state/backend/.pulumi/stacks/t-ops/${STACK}.json`), "utf8")) as Checkpoint;
    const file = join(checkout.root, "export.json");
    const web = checkpoint.latest.resources.find(({ urn }) => urn.endsWith("Container::web"))!;
    const judge = async (memory: number) => {
      for (const values of [web.inputs, web.outputs]) values.memory = memory;
      writeFileSync(file, JSON.stringify({ version: 3, deployment: checkpoint.latest }));
      return ops("policy", "--state", file);
    };
    expect(await judge(32)).toMatchObject({ code: 0, text: expect.stringContaining(`${file} judged, no violation.`) });
    const loosened = await judge(48);
    expect(loosened.text).toMatch(/VIOLATION {2}web \(docker:index\/container:Container\)\n {2}rule: memory-limit/);
    expect(loosened.text).toContain("1 violation.");
    expect(loosened.code).toBe(6);
  });

  test("policy does not take for judged what is no state", async () => {
    const file = join(checkout.root, "broken.json");
    writeFileSync(file, "{}");
    const { code, text } = await ops("policy", "--state", file);
    expect(text).toContain(`${file} was not judged`);
    expect(code).toBe(1);
  });

  test("logs show what the containers wrote, with secrets masked", async () => {
    const secret = await printedSecret();
    const { code, text } = await ops("logs", "web");
    expect(text).toContain(`web | ${LOG_LINE}`);
    expect(text).toContain("web | [secret]");
    expect(text).not.toContain(secret);
    expect(code).toBe(0);
    expect(await ops("logs", "nothing")).toMatchObject({ code: 2 });
  });

  test("status and logs know the vault's containers beside the stack's", async () => {
    const name = `${PREFIX}vault`;
    checkout.configureVault(32);
    expect(await ops("status")).toMatchObject({ code: 3, text: expect.stringContaining("missing: vault") });
    const vault = await daemon.createContainer({
      name,
      Image: IMAGE,
      Labels: { [labels.vault]: STACK },
      Cmd: ["sh", "-c", "echo holding backups; exec sleep 1000"],
    });
    await vault.start();
    expect(await ops("status")).toMatchObject({ code: 0, text: expect.stringMatching(new RegExp(`${name} +${name} +no check`)) });
    await until(async () => (await ops("logs", name)).text.includes(`${name} | holding backups`));
    await vault.stop({ t: 0 });
    expect(await ops("status")).toMatchObject({ code: 3, text: expect.stringContaining(`not healthy: ${name}`) });
    await vault.remove();
    checkout.removeVault();
  });

  test("a stopped container is seen by status and drift, and repaired by up", async () => {
    await daemon.getContainer(`${PREFIX}web`).stop({ t: 0 });
    const shown = await ops("status");
    expect(shown.text).toContain("not healthy: web");
    expect(shown.code).toBe(3);
    const drifted = await ops("drift");
    expect(drifted.text).toMatch(/update +web .*mustRun/);
    expect(drifted.code).toBe(3);
    expect((await ops("up")).code).toBe(0);
    expect((await ops("status")).code).toBe(0);
  });

  test("a container that was removed is missing, and made again by up", async () => {
    await daemon.getContainer(`${PREFIX}worker`).remove({ force: true });
    const shown = await ops("status");
    expect(shown.text).toContain("missing: worker");
    expect(shown.code).toBe(3);
    expect((await ops("up")).code).toBe(0);
    expect(await exists("worker")).toBe(true);
  });

  test("bench prints the ratio of the previews", async () => {
    const { code, text } = await ops("bench");
    expect(text).toMatch(
      /no-change preview +\d+\.\d\d s, the engine's part \d+\.\d\d s +\d+\.\d\d s for an empty program, .* +\d+\.\d\d +at most 1.5/,
    );
    expect(code).toBe(0);
  });

  test("bench does not measure from nothing while there is something, and says the way out", async () => {
    const { code, text } = await ops("bench", "--from-nothing");
    expect(text).toMatch(new RegExp(`of ${STACK} there is already its state, [^]*${PREFIX}data[^]*bin/ops purge --stack ${STACK}`));
    expect(code).toBe(2);
    expect((await ops("status")).code).toBe(0);
  });

  test("no secret stands in the work folder or the state in plain text", async () => {
    const secret = await printedSecret();
    for (const file of [`.state/${STACK}/Pulumi.${STACK}.yaml`, `.state/backend/.pulumi/stacks/t-ops/${STACK}.json`]) {
      expect(readFileSync(join(checkout.root, file), "utf8")).not.toContain(secret);
    }
  });

  test("down leaves the data volume and nothing else; the next up finds its data", async () => {
    await inWeb("echo kept > /data/mark");
    const { code, text } = await ops("down");
    expect(text).toContain(`Kept: ${PREFIX}data.`);
    expect(code).toBe(0);
    expect(await left()).toEqual({ containers: 0, networks: 0, volumes: [`${PREFIX}data`] });
    expect((await ops("up")).code).toBe(0);
    expect(await inWeb("cat /data/mark")).toContain("kept");
  });

  test("purge leaves nothing", async () => {
    const { code } = await ops("purge", "--yes");
    expect(code).toBe(0);
    expect(await left()).toEqual({ containers: 0, networks: 0, volumes: [] });
    expect(existsSync(join(checkout.root, ".state", STACK))).toBe(false);
    expect(existsSync(join(checkout.root, `.state/backend/.pulumi/stacks/t-ops/${STACK}.json`))).toBe(false);
  });

  test("bench measures from nothing against Compose, in one run with the rest, and leaves nothing", async () => {
    const { code, text } = await ops("bench", "--from-nothing");
    expect(text).toMatch(/nothing to healthy +[\d.]+s and [\d.]+s +[\d.]+s for docker compose up --wait +\d+\.\d\d +at most 1/);
    expect(text).toMatch(/no-change preview .* for an empty program/);
    expect(text).toMatch(/last up .* of the critical path web → worker/);
    expect(code).toBe(0);
    expect(await left()).toEqual({ containers: 0, networks: 0, volumes: [] });
    expect(await exists("web")).toBe(false);
    expect((await daemon.listVolumes()).Volumes.map(({ Name }) => Name)).not.toContain(`${PREFIX}data`);
    expect(readdirSync(join(checkout.root, ".state")).filter(name => name.startsWith("compose-"))).toEqual([]);
  }, 600_000);
});

/** A stack's state as a local backend keeps it. */
interface Checkpoint {
  checkpoint: { latest: { resources: { urn: string; inputs: Record<string, unknown>; outputs: Record<string, unknown> }[] } };
}

/** The password that the stub's web server prints, as Docker kept it. */
async function printedSecret(): Promise<string> {
  const raw = await daemon.getContainer(`${PREFIX}web`).logs({ stdout: true, stderr: true });
  const secret = /[A-Za-z0-9]{32}/.exec(raw.toString())?.[0];
  if (!secret) throw new Error("the stub printed no password");
  return secret;
}

/** Output of a shell command in the web server's container. */
async function inWeb(command: string): Promise<string> {
  const run = await daemon.getContainer(`${PREFIX}web`).exec({ Cmd: ["sh", "-c", command], AttachStdout: true, AttachStderr: true });
  const chunks: Buffer[] = [];
  for await (const chunk of await run.start({})) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** What carries the stack's label. */
async function left(): Promise<{ containers: number; networks: number; volumes: string[] }> {
  const filters = { label: [`${labels.stack}=${STACK}`] };
  const [containers, networks, { Volumes }] = await Promise.all([
    daemon.listContainers({ all: true, filters }),
    daemon.listNetworks({ filters }),
    daemon.listVolumes({ filters }),
  ]);
  return { containers: containers.length, networks: networks.length, volumes: Volumes.map(({ Name }) => Name) };
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 90_000; !(await condition());) {
    if (Date.now() > end) throw new Error("it did not happen within 90 s");
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}
