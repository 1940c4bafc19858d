import { rmSync } from "node:fs";
import type { Context } from "../context";
import { erase } from "../destroy";
import { labels } from "../docker";
import { CommandFailure } from "../exit";
import { duration } from "../progress";
import { stackExists } from "../stack";
import { bringUpVault, explained, onVault, vaultPlan, withVaultEngine } from "../vault";
import { readStack, stateOf, vaultPlace, workFolder } from "../workspace";
import { defineCommand } from "./command";
import { confirm } from "./purge";

interface VaultOptions {
  purge: boolean;
  yes: boolean;
}

export const vault = defineCommand<VaultOptions>({
  summary: "Bring up the vault that holds the backups, apart from the stack; up does it by itself",
  examples: [
    ["bin/ops vault", "its server, buckets and identities; again, it changes nothing"],
    ["bin/ops vault --purge --yes", "delete it with every backup; only where its config says disposable: true, and the stack is gone"],
  ],
  declare: command => void command.option("--purge", "delete the vault with every backup").option("-y, --yes", "do not ask"),
  validate(_, raw) {
    if (raw.yes === true && raw.purge !== true) throw new CommandFailure("usage", "--yes: only goes with --purge");
    return { purge: raw.purge === true, yes: raw.yes === true };
  },
  async run(context, { purge, yes }) {
    if (purge) return purgeVault(context, yes);
    const seconds = await withVaultEngine(context, prepared => bringUpVault(context, prepared));
    const { secretsProvider } = stateOf(context.stack, context.root);
    const opener = secretsProvider ? `${secretsProvider} opens it.` : ".state/passphrase opens it: keep a copy elsewhere.";
    context.logger.result(`The vault of ${context.stack} is up (${duration(seconds)}). ${opener}`);
  },
});

async function purgeVault(context: Context, yes: boolean): Promise<void> {
  const { stack, root, logger } = context;
  const { disposable, provider } = await vaultPlan(context);
  if (provider !== "docker") {
    throw new CommandFailure(
      "usage",
      `vault --purge: the vault of ${stack} lies in ${provider}, where its buckets are emptied and deleted by whoever administers the account.`,
    );
  }
  if (!disposable) {
    throw new CommandFailure(
      "usage",
      `vault --purge: the vault of ${stack} is not disposable. Every backup would be lost; if that is meant, set disposable: true in vault/Pulumi.${stack}.yaml.`,
    );
  }
  if (stackExists({ ...workFolder(stack, root), ...readStack(stack, {}, root) }, stack)) {
    throw new CommandFailure(
      "usage",
      `vault --purge: ${stack} still uses its vault. \`bin/ops purge --stack ${stack}\` deletes the stack; then delete the vault.`,
    );
  }
  if (!yes) await confirm(context, "vault --purge", `the vault of ${stack} with every backup`);

  // Impact: from here on backups are deleted.
  await withVaultEngine(context, prepared =>
    onVault(context, prepared, "select", (open, folder) => erase(context, { plan: explained, folder }, open, labels.vault)),
  );
  rmSync(vaultPlace(stack, root).folder.path, { recursive: true, force: true });
  logger.result(`The vault of ${stack} is gone, with every backup.`);
}
