import type { Context, Session } from "../context";
import { labels, stackContainers } from "../docker";
import { CommandFailure } from "../exit";
import type { OneOffFile } from "../one-off";
import { vaultAccess } from "../vault";
import { recoveryOf } from "./face";

/** The vault as whoever restores finds it. */
export interface OpenVault {
  /** Container of its server. */
  container: string;
  /** Docker network on which it answers. */
  network: string;
  /** Folder in its container where its data lies. */
  disk: string;
  /** Files by which the backup image reads it, as the identity that may only read. */
  files: OneOffFile[];
}

/** @throws CommandFailure when there is no vault, or it does not run, with what brings it up */
export async function openVault(context: Context, { project, prepared, plan }: Pick<Session, "project" | "prepared" | "plan">): Promise<OpenVault> {
  const { docker, stack } = context;
  const { network, authority, restore, cipherPassphrase, manifestKey } = await vaultAccess(context, prepared);
  const server = (await stackContainers(docker, stack, labels.vault)).find(({ job }) => !job);
  if (server?.state !== "running") {
    throw new CommandFailure(
      "failed",
      `The vault of ${stack} ${server ? `is ${server.state}` : "has no server"}; \`bin/ops vault --stack ${stack}\` brings it up.`,
    );
  }
  const { Mounts } = await docker.getContainer(server.id).inspect();
  return {
    container: server.name,
    network,
    disk: Mounts.find(({ Type }) => Type === "volume")?.Destination ?? "/",
    files: project.restoreFiles(recoveryOf(plan).backups, { keys: { authority, identity: restore }, cipherPassphrase, manifestKey }),
  };
}
