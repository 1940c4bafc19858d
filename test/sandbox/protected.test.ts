import * as docker from "@pulumi/docker";
import { daemon, inspect, sweep } from "./support/docker";
import { startEngine, type TestEngine } from "./support/engine";
import { IDLE, makeImage } from "./support/image";
import { describeReal } from "./support/requirements";

jest.setTimeout(300_000);

const PREFIX = "t-sandbox-protected-";

function program() {
  const network = new docker.Network("network", { name: `${PREFIX}network` });
  const labels = [{ label: "data", value: "yes" }];
  const volume = new docker.Volume("volume", { name: `${PREFIX}volume`, labels }, { protect: true, retainOnDelete: true });
  new docker.Container("container", {
    name: `${PREFIX}container`,
    ...IDLE,
    networksAdvanced: [{ name: network.name }],
    volumes: [{ volumeName: volume.name, containerPath: "/data" }],
  });
  return Promise.resolve();
}

async function volumeExists(): Promise<boolean> {
  const { Volumes } = await daemon.listVolumes();
  return Volumes.some(({ Name }) => Name === `${PREFIX}volume`);
}

describeReal("a protected, retained volume", () => {
  let real: TestEngine;
  const stack = () => real.stack("protected", program);

  beforeAll(async () => {
    makeImage();
    await sweep(PREFIX);
    real = await startEngine();
    await (await stack()).up();
  });
  afterAll(async () => {
    await real?.end();
    await sweep(PREFIX);
  });

  it("stops a plain destroy", async () => {
    await expect((await stack()).destroy()).rejects.toThrow(/protect/);
    expect(await volumeExists()).toBe(true);
  });

  it("stays, in Docker and in the state, when everything else is destroyed", async () => {
    await (await stack()).destroy({ excludeProtected: true });

    expect(await inspect(`${PREFIX}container`)).toBeUndefined();
    expect(await volumeExists()).toBe(true);
    const { deployment } = await (await stack()).exportStack();
    expect((deployment.resources as { type: string }[]).map(({ type }) => type)).toContain("docker:index/volume:Volume");
  });

  it("is used again by the next up, with nothing to change about it", async () => {
    const result = await (await stack()).up();

    expect(result.summary.resourceChanges).toMatchObject({ create: 2 });
    expect(result.summary.resourceChanges).not.toHaveProperty("replace");
  });

  it("is let go by the state and kept by Docker when it is unprotected and destroyed", async () => {
    const live = await stack();
    const exported = await live.exportStack();
    for (const resource of exported.deployment.resources as { protect?: boolean }[]) delete resource.protect;
    await live.importStack(exported);
    await live.destroy();

    expect(await volumeExists()).toBe(true);
  });

  it("is adopted with its data by a stack that declares it with the same labels", async () => {
    const result = await (await stack()).up();

    expect(result.summary.resourceChanges).toMatchObject({ create: 4 });
    await (await stack()).preview({ expectNoChanges: true });
  });
});
