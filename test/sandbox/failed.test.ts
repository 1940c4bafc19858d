import * as docker from "@pulumi/docker";
import { daemon, inspect, sweep } from "./support/docker";
import { startEngine, type TestEngine } from "./support/engine";
import { IDLE, makeImage } from "./support/image";
import { describeReal } from "./support/requirements";

jest.setTimeout(300_000);

const PREFIX = "t-sandbox-failed-";

/** What the tests change between runs. */
let wanted: Partial<docker.ContainerArgs> = {};

function program() {
  new docker.Container("container", {
    name: `${PREFIX}container`,
    ...IDLE,
    ...wanted,
  });
  return Promise.resolve();
}

const healthcheck = { tests: ["CMD", "cat", "/missing"], interval: "1s", timeout: "1s", startPeriod: "0s", retries: 1 };

describeReal("a container that cannot come up", () => {
  let real: TestEngine;
  const stack = () => real.stack("failed", program);

  beforeAll(async () => {
    makeImage();
    await sweep(PREFIX);
    real = await startEngine();
  });
  afterAll(async () => {
    await (await stack()).destroy();
    await real?.end();
  });

  it("is refused at preview for what the plugin would refuse, before anything is created", async () => {
    wanted = { command: ["sleep", ""] };
    await expect((await stack()).preview()).rejects.toThrow(/values for command may not be empty/);
    wanted = { dns: ["192.0.2.1"] };
    await expect((await stack()).preview()).rejects.toThrow(/stand-in does not implement "dns"/);
    expect(await inspect(`${PREFIX}container`)).toBeUndefined();
  });

  it("fails with the daemon's own words for an upload into a read-only root, and is replaced by the next up", async () => {
    wanted = { readOnly: true, uploads: [{ file: "/etc/x", content: "x" }] };
    await expect((await stack()).up()).rejects.toThrow(/container rootfs is marked read-only/);
    const failed = (await inspect(`${PREFIX}container`))!.Id;
    wanted = { readOnly: true };
    await (await stack()).up();

    expect((await inspect(`${PREFIX}container`))!.Id).not.toBe(failed);
  });

  it("fails for an upload with an owner into a container whose user has a number, where Docker looks it up on the host", async () => {
    const { ApiVersion } = await daemon.version();
    wanted = { user: "4711:4711", uploads: [{ file: "/etc/x", content: "x", owner: "4711" }] };
    // Docker 28, which has API 1.48, takes the number.
    const up = (await stack()).up();
    await (Number(ApiVersion.split(".")[1]) < 48 ? expect(up).rejects.toThrow(/unable to find entry/) : up);
  });

  it("fails after its waiting time with what the last health check said, and is replaced by the next up", async () => {
    wanted = { healthcheck, wait: true, waitTimeout: 3, rm: false, envs: ["A=1"] };
    await expect((await stack()).up()).rejects.toThrow(/failed to be in healthy state within 3 s.*can't open '\/missing'/);
    const failed = (await inspect(`${PREFIX}container`))!.Id;

    wanted = { ...wanted, healthcheck: { ...healthcheck, tests: ["CMD", "true"] } };
    const repaired = await (await stack()).up();
    expect(repaired.summary.resourceChanges).toMatchObject({ replace: 1 });
    expect((await inspect(`${PREFIX}container`))!.Id).not.toBe(failed);
  });

  it("shows a change on the next preview where memorySwap is left to Docker, as with the official plugin", async () => {
    wanted = { memorySwap: undefined, envs: ["A=2"] };
    await (await stack()).up();
    const preview = await (await stack()).preview();

    const { HostConfig } = (await daemon.getContainer(`${PREFIX}container`).inspect())!;
    expect(HostConfig.MemorySwap).toBe(2 * HostConfig.Memory!);
    expect(preview.changeSummary).toMatchObject({ update: 1 });
  });
});
