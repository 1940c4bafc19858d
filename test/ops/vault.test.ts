import type Docker from "dockerode";
import { refuseForeignVault } from "../../ops/vault";

/** A daemon that has these volumes and containers of a vault. */
const daemon = (volumes: string[], containers: string[]) =>
  ({
    listVolumes: () => Promise.resolve({ Volumes: volumes.map(Name => ({ Name })) }),
    listContainers: () => Promise.resolve(containers.map(Id => ({ Id }))),
    getContainer: (name: string) => ({
      inspect: () =>
        Promise.resolve({ Id: name, Name: `/${name}`, Config: { Labels: {} }, State: { Status: "running" }, HostConfig: {}, RestartCount: 0 }),
    }),
  }) as unknown as Docker;

test("a vault whose state is elsewhere is refused, with both ways out", async () => {
  await expect(refuseForeignVault({ docker: daemon(["ultrathink_vault_data"], ["ultrathink-vault"]), stack: "dev" })).rejects.toMatchObject({
    outcome: "usage",
    message: expect.stringMatching(
      /^ultrathink_vault_data holds a vault of dev [^]*docs\/disaster-recovery.md[^]*: docker rm --force ultrathink-vault && docker volume rm ultrathink_vault_data$/,
    ),
  });
});

test("a machine that has none is free for one", async () => {
  await expect(refuseForeignVault({ docker: daemon([], []), stack: "dev" })).resolves.toBeUndefined();
});
