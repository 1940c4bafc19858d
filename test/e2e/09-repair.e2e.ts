import { docker, stackContainers, untilWell } from "./harness/docker";
import { ops, opsOk } from "./harness/stack";

describe("up repairs", () => {
  it("a container that was killed, one that was stopped and one that was removed, and nothing else", async () => {
    await untilWell(["all"]);
    const before = await stackContainers();
    await docker.getContainer("ultrathink-risk-manager").kill();
    await docker.getContainer("ultrathink-redis-exporter").stop();
    await docker.getContainer("ultrathink-loki-canary").remove({ force: true });

    expect((await ops("drift")).code).toBe(3);
    const { code, stdout } = await ops("status");
    expect(code).toBe(3);
    expect(stdout).toMatch(/loki-canary\s.*missing/);

    await opsOk("up");
    const after = await stackContainers();
    const touched = ["risk-manager", "redis-exporter", "loki-canary"];
    for (const [name, { Id }] of Object.entries(before)) {
      if (!touched.includes(name)) expect([name, after[name]?.Id]).toEqual([name, Id]);
    }
    expect((await ops("status")).code).toBe(0);
    expect((await ops("drift")).code).toBe(0);
  });
});
