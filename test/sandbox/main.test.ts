import * as docker from "@pulumi/docker";
import * as random from "@pulumi/random";
import type { Stack } from "@pulumi/pulumi/automation";
import { daemon, inspect, sweep } from "./support/docker";
import { startEngine, type TestEngine } from "./support/engine";
import { IMAGE, makeImage } from "./support/image";
import { describeReal } from "./support/requirements";

jest.setTimeout(300_000);

const PREFIX = "t-sandbox-main-";
const digest = `sha256:${"0".repeat(64)}`;

/** The parts of the program that the tests change between runs. */
const wanted = { memory: 64, page: "one" };

function program() {
  const password = new random.RandomPassword("password", { length: 32, special: false });
  const network = new docker.Network("network", { name: `${PREFIX}network`, driver: "bridge" });
  const volume = new docker.Volume("volume", { name: `${PREFIX}volume`, labels: [{ label: "kept", value: "yes" }] });
  const image = new docker.RemoteImage("image", { name: `${IMAGE}@${digest}`, keepLocally: true });
  new docker.Container("web", {
    name: `${PREFIX}web`,
    image: image.name,
    command: ["sh", "-c", `echo ${wanted.page} > /tmp/page; exec httpd -f -p 8080 -h /tmp`],
    networksAdvanced: [{ name: network.name, aliases: ["web"] }],
    ports: [{ internal: 8080, external: 28081, ip: "127.0.0.1" }],
    volumes: [{ volumeName: volume.name, containerPath: "/data" }],
    uploads: [{ file: "/run/secrets/password", content: password.result, permissions: "0440" }],
    groupAdds: ["0"],
    envs: ["B=2", "A=1"],
    labels: [
      { label: "b", value: "2" },
      { label: "a", value: "1" },
    ],
    user: "1000:1000",
    memory: wanted.memory,
    memorySwap: wanted.memory,
    memoryReservation: 32,
    cpus: "0.5",
    shmSize: 16,
    tmpfs: { "/tmp": "size=1m" },
    init: true,
    capabilities: { drops: ["ALL"] },
    securityOpts: ["no-new-privileges"],
    ulimits: [{ name: "nofile", soft: 1024, hard: 2048 }],
    healthcheck: { tests: ["CMD", "wget", "-qO-", "http://127.0.0.1:8080/page"], interval: "1s", timeout: "1s", startPeriod: "0s", retries: 3 },
    wait: true,
    waitTimeout: 30,
    restart: "unless-stopped",
    mustRun: true,
    destroyGraceSeconds: 1,
    logDriver: "json-file",
    logOpts: { "max-size": "10m", "max-file": "3" },
  });
  new docker.Container("portless", {
    name: `${PREFIX}portless`,
    image: image.name,
    command: ["sleep", "1000"],
    init: true,
    memory: 16,
    memorySwap: 16,
    logDriver: "json-file",
  });
  const job = new docker.Container("job", {
    name: `${PREFIX}job`,
    image: image.name,
    command: ["sh", "-c", "echo done; exit 3"],
    attach: true,
    logs: true,
    mustRun: false,
    memory: 16,
    memorySwap: 16,
    logDriver: "json-file",
  });
  return Promise.resolve({ password: password.result, imageId: image.imageId, exitCode: job.exitCode, logs: job.containerLogs });
}

describeReal("the real engine with the docker and random stand-ins", () => {
  let real: TestEngine;
  let stack: Stack;
  const id = async (name: string) => (await inspect(`${PREFIX}${name}`))?.Id;

  beforeAll(async () => {
    makeImage();
    await sweep(PREFIX);
    real = await startEngine();
    stack = await real.stack("main", program);
  });

  afterAll(async () => {
    await stack?.destroy();
    await real?.end();
  });

  it("creates everything and returns when the container is healthy", async () => {
    const result = await stack.up();

    expect(result.summary.resourceChanges).toEqual({ create: 8 });
    const web = (await inspect(`${PREFIX}web`))!;
    expect(web.State.Health?.Status).toBe("healthy");
    expect(web.HostConfig).toMatchObject({ Memory: 64 * 1024 * 1024, MemorySwap: 64 * 1024 * 1024, NanoCpus: 5e8, CapDrop: ["ALL"] });
    expect(web.NetworkSettings.Networks[`${PREFIX}network`]?.Aliases).toContain("web");
    expect(Object.keys(web.NetworkSettings.Networks)).toEqual([`${PREFIX}network`]);
    const answer = await fetch("http://127.0.0.1:28081/page");
    expect(await answer.text()).toBe("one\n");
  });

  it("says on every run what is real and that the plugins are stand-ins", () => {
    expect(real.said.join("\n")).toMatch(/real Pulumi engine v3\.259\.0.*aws, docker, kubernetes, random and tls plugins are stand-ins/);
    expect(real.said.join("\n")).toContain(`stands in for ${IMAGE}@${digest}`);
  });

  it("uploads a secret as a file that the container's user can read and keeps it encrypted in the state", async () => {
    const outputs = await stack.outputs();
    const password = outputs.password!.value as string;
    const exec = await daemon
      .getContainer(`${PREFIX}web`)
      .exec({ Cmd: ["stat", "-c", "%u %g %a %s", "/run/secrets/password"], AttachStdout: true, Tty: true });
    const stream = await exec.start({ Tty: true });
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);

    expect(Buffer.concat(chunks).toString().trim()).toBe("0 0 440 32");
    expect(outputs.password!.secret).toBe(true);
    expect(real.stateText()).toContain(`${PREFIX}web`);
    expect(real.stateText()).not.toContain(password);
  });

  it("gives a finished job's exit code and logs", async () => {
    const outputs = await stack.outputs();

    expect(outputs.exitCode!.value).toBe(3);
    expect(outputs.logs!.value).toBe("done\n");
  });

  it("finds nothing to do on a second preview, a refresh and a preview after that", async () => {
    await stack.preview({ expectNoChanges: true });
    await stack.refresh({ expectNoChanges: true });
    await stack.preview({ expectNoChanges: true });
  });

  it("changes memory in place", async () => {
    const before = await id("web");
    wanted.memory = 80;
    const result = await stack.up();

    expect(result.summary.resourceChanges).toMatchObject({ update: 1 });
    expect(await id("web")).toBe(before);
    expect((await inspect(`${PREFIX}web`))!.HostConfig.Memory).toBe(80 * 1024 * 1024);
    await stack.preview({ expectNoChanges: true });
  });

  it("replaces the container when its command changes, deleting the old one first", async () => {
    const before = await id("web");
    wanted.page = "two";
    const result = await stack.up();

    expect(result.summary.resourceChanges).toMatchObject({ replace: 1 });
    expect(await id("web")).not.toBe(before);
    expect(await (await fetch("http://127.0.0.1:28081/page")).text()).toBe("two\n");
  });

  it("does not notice a stopped container by a plain up, and repairs it by one with a refresh", async () => {
    const before = { web: await id("web"), portless: await id("portless") };
    for (const name of ["web", "portless"]) await daemon.getContainer(`${PREFIX}${name}`).stop({ t: 0 });

    expect((await stack.up()).summary.resourceChanges).toEqual({ same: 8 });
    const repaired = await stack.up({ refresh: true });

    // A container with published ports is replaced, one without is started: the official plugin's own difference.
    expect(repaired.summary.resourceChanges).toMatchObject({ replace: 1, update: 1 });
    expect(await id("web")).not.toBe(before.web);
    expect(await id("portless")).toBe(before.portless);
    expect((await inspect(`${PREFIX}web`))!.State.Health?.Status).toBe("healthy");
    expect((await inspect(`${PREFIX}portless`))!.State.Running).toBe(true);
  });

  it("makes a removed container anew after a refresh", async () => {
    await daemon.getContainer(`${PREFIX}web`).remove({ force: true });
    const repaired = await stack.up({ refresh: true });

    expect(repaired.summary.resourceChanges).toMatchObject({ create: 1 });
    expect((await inspect(`${PREFIX}web`))!.State.Health?.Status).toBe("healthy");
  });

  it("destroys everything, volumes too, and keeps the image", async () => {
    await stack.destroy();

    expect(await inspect(`${PREFIX}web`)).toBeUndefined();
    const { Volumes } = await daemon.listVolumes();
    expect(Volumes.map(({ Name }) => Name)).not.toContain(`${PREFIX}volume`);
    await expect(daemon.getImage(IMAGE).inspect()).resolves.toBeDefined();
  });
});
