import { rmSync } from "node:fs";
import { join } from "node:path";
import { type Context, stopIfCancelled } from "./context";
import { type Owner, remove, stackContainers, stackNetworks, stackVolumes } from "./docker";
import { CommandFailure } from "./exit";
import { unprotected } from "./orphans";
import { Progress, isService } from "./progress";
import { type Explained, explain } from "./report";
import type { OpenStack } from "./stack";
import type { PreparedWorkFolder } from "./workspace";

/** Destroys what the state holds, the protected left alone, and says what went. */
export async function destroy(context: Context, plan: Explained, open: OpenStack): Promise<Progress> {
  const began = Date.now();
  const elapsed = () => (Date.now() - began) / 1000;
  const progress = new Progress(new Set(), elapsed);
  try {
    await open.stack.destroy({
      excludeProtected: true,
      signal: context.engineSignal,
      onEvent(event) {
        progress.apply(event);
        const gone = event.resOutputsEvent?.metadata;
        if (gone?.op === "delete" && isService(gone.type)) context.logger.note(`[${Math.round(elapsed())}s] ${gone.urn.split("::").at(-1)} is gone`);
      },
    });
  } catch (error) {
    stopIfCancelled(context);
    if (progress.failures.length === 0) throw error;
    throw new CommandFailure("failed", await explain(context, plan, progress.failures));
  }
  return progress;
}

/**
 * Destroys a stack with its data and everything that the backend remembers of it; its work folder is the caller's.
 *
 * @param eraseData deletes the data that outlives the stack's resources
 */
export async function erase(
  context: Context,
  { plan, folder }: { plan: Explained; folder: PreparedWorkFolder },
  open: OpenStack,
  eraseData: () => Promise<void>,
): Promise<void> {
  const { stack } = context;
  await open.replaceState(unprotected);
  await destroy(context, plan, open);
  await eraseData();
  await open.stack.workspace.removeStack(stack);
  // The engine keeps old states, with the encrypted secrets of what is gone.
  for (const kept of ["backups", "history"]) rmSync(join(folder.backend, ".pulumi", kept, folder.project, stack), { recursive: true, force: true });
}

/** What the state no longer knows but carries the label, the retained volumes above all. */
export async function removeLabelled({ docker, stack, logger }: Context, owner: Owner): Promise<void> {
  for (const { id } of await stackContainers(docker, stack, owner)) await remove(docker.getContainer(id));
  for (const { id } of await stackNetworks(docker, stack, owner)) await remove(docker.getNetwork(id));
  const volumes = await stackVolumes(docker, stack, owner);
  for (const name of volumes) await remove(docker.getVolume(name));
  if (volumes.length > 0) logger.note(`Deleted volumes: ${volumes.join(", ")}`);
}
