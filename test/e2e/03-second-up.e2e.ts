import { stackContainers } from "./harness/docker";
import { succeed } from "./harness/shell";
import { opsOk } from "./harness/stack";

describe("a second up", () => {
  it("changes nothing, says so, and leaves the checkout as it was", async () => {
    const identities = async () =>
      Object.fromEntries(Object.entries(await stackContainers()).map(([name, { Id, State }]) => [name, `${Id} ${State.StartedAt}`]));
    const [before, files] = [await identities(), await succeed("git status --porcelain")];
    const { stdout } = await opsOk("up");
    expect(stdout).toMatch(/^Nothing changed: \d+ services are up and healthy\.$/m);
    expect(await identities()).toEqual(before);
    expect(await succeed("git status --porcelain")).toBe(files);
  });

  it("finds no drift", async () => {
    await opsOk("drift");
  });
});
