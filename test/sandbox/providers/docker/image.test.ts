import { findLocal, findOrPull } from "../../../../sandbox/providers/docker/image";
import { daemon } from "../../support/docker";
import { describeWithRegistry, startRegistry, type Registry } from "../../support/registry";

jest.setTimeout(180_000);

describeWithRegistry("an image that is asked for by tag and digest", () => {
  let registry: Registry;
  beforeEach(async () => {
    registry = await startRegistry();
  }, 300_000);
  afterEach(async () => {
    registry.forget();
    await registry.stop();
  });

  it("is pulled by its digest, wherever the tag has moved, and is found again without the registry", async () => {
    const digest = await registry.push("moving:1.0.0", "before");
    const pinned = `${registry.named("moving:1.0.0")}@${digest}`;
    const { Id: id } = await daemon.getImage(registry.named("moving:1.0.0")).inspect();
    await registry.push("moving:1.0.0", "after");
    registry.forget();
    expect(await findLocal(pinned)).toBeUndefined();
    expect(await findOrPull(pinned)).toEqual({ id, name: pinned, repoDigest: `${registry.named("moving")}@${digest}` });
    await registry.stop();
    expect(await findOrPull(pinned)).toMatchObject({ id });
  });

  it("is not what has its tag here with another digest", async () => {
    await registry.push("other:1.0.0", "other");
    const pinned = `${registry.named("other:1.0.0")}@sha256:${"0".repeat(64)}`;
    expect(await findLocal(pinned)).toBeUndefined();
    await expect(findOrPull(pinned)).rejects.toThrow(`unable to pull image ${pinned}`);
  });
});
