import { type Context, stopIfCancelled, stopInTime } from "./context";
import { labels, requireDocker, stackContainers, stackVolumes } from "./docker";
import { CommandFailure } from "./exit";
import { settle, stackHealth } from "./health";
import { clearLeftovers } from "./leftovers";
import { clearEngineLocks, engineLocks, holding } from "./locks";
import { Progress, duration } from "./progress";
import type { VaultOutputs, VaultProject } from "./project";
import { policies } from "./commands/preview";
import { explain, failOnViolations } from "./report";
import { type OpenStack, hasState, openStack } from "./stack";
import type { Prepared } from "./toolchain";
import { type PreparedWorkFolder, hasVault, preparePlace, readPlace, vaultPlace } from "./workspace";

/** The containers of a vault explain themselves in the error of the program that waits for them; in AWS there are none. */
export const explained = { backend: "docker", services: [] };

/** The vault's plan from its committed config; makes nothing. */
export async function vaultPlan(context: Context): Promise<ReturnType<VaultProject["plan"]>> {
  const { stack, root } = context;
  const { settings } = readPlace(vaultPlace(stack, root), stack, {});
  try {
    return (await context.vault()).plan(settings, stack);
  } catch (error) {
    throw new CommandFailure("usage", (error as Error).message);
  }
}

/** Makes the toolchain ready with the vault's images, runs `use` and ends the toolchain. */
export async function withVaultEngine<T>(context: Context, use: (prepared: Prepared) => Promise<T>): Promise<T> {
  const { images, provider } = await vaultPlan(context);
  if (provider === "docker") await requireDocker(context.docker);
  try {
    const prepared = await context.toolchain.prepare({ images, log: context.logger.note });
    stopIfCancelled(context);
    const [missing] = Object.entries(prepared.leaveOut);
    if (missing) throw new CommandFailure("prerequisites", `the vault cannot be brought up: ${missing.join(": ")}`);
    return await use(prepared);
  } finally {
    await stopInTime(context);
  }
}

/**
 * Opens the vault's stack, alone, with what an interrupted run left cleared.
 * @param mode `select` ends with `usage` when it was never up
 */
export async function onVault<T>(
  context: Context,
  prepared: Prepared,
  mode: "create" | "select",
  use: (open: OpenStack, folder: PreparedWorkFolder) => Promise<T>,
): Promise<T> {
  const { stack, root, host, logger } = context;
  const place = vaultPlace(stack, root);
  return holding(place.folder.path, host, logger.note, async () => {
    const folder = preparePlace(place, stack, readPlace(place, stack, {}));
    const onDocker = (await vaultPlan(context)).provider === "docker";
    const { program } = await context.vault();
    if (!(await hasState(stack, folder, program, prepared))) {
      if (mode === "select") throw new CommandFailure("usage", noVault(stack));
      if (onDocker) await refuseForeignVault(context);
    }
    await clearEngineLocks(() => engineLocks(folder.backend, folder.project, stack), host, logger.note);
    const open = await openStack(stack, folder, program, prepared, mode);
    if (onDocker) await clearLeftovers(context, open, labels.vault);
    return use(open, folder);
  });
}

/** The vault's stack where it has a state, without holding it: for who releases it. */
export async function existingVault(context: Context, prepared: Prepared): Promise<{ open: OpenStack; folder: PreparedWorkFolder } | undefined> {
  if (!hasVault(context)) return undefined;
  const { stack, root } = context;
  const place = vaultPlace(stack, root);
  const folder = preparePlace(place, stack, readPlace(place, stack, {}));
  const { program } = await context.vault();
  if (!(await hasState(stack, folder, program, prepared))) return undefined;
  return { folder, open: await openStack(stack, folder, program, prepared, "select") };
}

/** A vault whose state is elsewhere: a new one on its volume would have other keys, and could read nothing of what lies there. */
export async function refuseForeignVault({ docker, stack }: Pick<Context, "docker" | "stack">): Promise<void> {
  const volumes = await stackVolumes(docker, stack, labels.vault);
  if (volumes.length === 0) return;
  const containers = (await stackContainers(docker, stack, labels.vault)).map(({ name }) => name);
  const removal = [...(containers.length > 0 ? [`docker rm --force ${containers.join(" ")}`] : []), `docker volume rm ${volumes.join(" ")}`];
  throw new CommandFailure(
    "usage",
    `${volumes.join(", ")} holds a vault of ${stack} whose state is not in this checkout; nothing was changed.\n` +
      "Put its state and passphrase in their places (docs/disaster-recovery.md, The one secret), and its backups can be restored.\n" +
      `If they may be lost: ${removal.join(" && ")}`,
  );
}

/** Brings the vault of a stack up, or repairs it; quiet when all is well. Returns the seconds that it took. */
export async function bringUpVault(context: Context, prepared: Prepared): Promise<number> {
  const { stack, root, docker, logger, engineSignal, signal } = context;
  const { images, disposable, provider } = await vaultPlan(context);
  const began = Date.now();
  const elapsed = () => (Date.now() - began) / 1000;
  const progress = new Progress(new Set(Object.keys(images)), elapsed);
  await onVault(context, prepared, "create", async open => {
    try {
      await open.stack.up({
        refresh: true,
        ...policies(root, { backend: provider, disposable }),
        signal: engineSignal,
        onEvent: event => void progress.apply(event),
      });
    } catch (error) {
      stopIfCancelled(context);
      failOnViolations(progress.violations);
      if (progress.failures.length === 0) throw error;
      logger.hide(await open.secrets());
      throw new CommandFailure("failed", `The vault of ${stack} is not up.\n${await explain(context, explained, progress.failures)}`);
    }
    if (provider !== "docker") return;
    const ill = await settle(
      () => stackHealth(docker, stack, labels.vault),
      () => undefined,
      signal,
    );
    stopIfCancelled(context);
    if (ill.length > 0) {
      throw new CommandFailure(
        "deviated",
        ill.map(({ container, reason }) => `${container.name} of the vault is not healthy: ${reason}.`).join("\n"),
      );
    }
  });
  if (progress.changes.length > 0) {
    logger.note(`The vault of ${stack} is up after ${duration(elapsed())}; ${progress.changes.length} changes`);
  }
  return elapsed();
}

/**
 * What the vault's stack tells about itself, decrypted; its secrets are masked in everything that is written from now on.
 * @throws CommandFailure `usage` when there is no vault
 */
export async function vaultAccess(context: Context, prepared: Prepared): Promise<VaultOutputs> {
  const outputs = await onVault(context, prepared, "select", ({ stack }) => stack.outputs());
  const told = Object.fromEntries(Object.entries(outputs).map(([key, { value }]) => [key, value as unknown])) as unknown as VaultOutputs;
  if (!("manifestKey" in told)) throw new CommandFailure("usage", `The vault of ${context.stack} is not complete; \`bin/ops vault\` brings it up.`);
  context.logger.hide([told.writer.secretKey, told.restore.secretKey, told.cipherPassphrase, told.manifestKey]);
  return told;
}

const noVault = (stack: string) => `There is no vault of ${stack}; \`bin/ops vault --stack ${stack}\` brings it up.`;
