import type { Context } from "../context";
import { CommandFailure } from "../exit";
import type { OneOffFile } from "../one-off";

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

export function vaultAccess(context: Context): Promise<OpenVault> {
  return Promise.reject(new CommandFailure("usage", `There is no vault of ${context.stack}; \`bin/ops vault\` brings it up.`));
}
