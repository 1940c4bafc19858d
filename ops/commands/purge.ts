import { rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { type Context, declaredPlan } from "../context";
import { destroy } from "../destroy";
import { remove, stackContainers, stackNetworks, stackVolumes } from "../docker";
import { CommandFailure } from "../exit";
import { unprotected } from "../orphans";
import { workFolder } from "../workspace";
import { defineCommand } from "./command";
import { onExistingStack } from "./down";

interface PurgeOptions {
  yes: boolean;
}

export const purge = defineCommand<PurgeOptions>({
  summary: "Destroy the stack with its data and its state; only where stack config says disposable: true",
  examples: [
    ["bin/ops purge", "asks first"],
    ["bin/ops purge --yes", "for scripts"],
  ],
  declare: command => void command.option("-y, --yes", "do not ask"),
  validate: (_, raw) => ({ yes: raw.yes === true }),
  async run(context, { yes }) {
    const { stack, root, logger } = context;
    if (!(await declaredPlan(context)).disposable) {
      throw new CommandFailure(
        "usage",
        `purge: ${stack} is not disposable. Its data would be lost; if that is meant, set disposable: true in Pulumi.${stack}.yaml.`,
      );
    }
    if (!yes) await confirm(context);

    // Impact: from here on data is deleted.
    await onExistingStack(context, async (session, open) => {
      await open.replaceState(unprotected);
      await destroy(context, session, open);
      await removeLabelled(context);
      await open.stack.workspace.removeStack(stack);
      // The engine keeps old states, with the encrypted secrets of what is gone.
      const { backend, project } = session.folder;
      for (const kept of ["backups", "history"]) rmSync(join(backend, ".pulumi", kept, project, stack), { recursive: true, force: true });
    });
    rmSync(workFolder(stack, root).path, { recursive: true, force: true });
    logger.result(`${stack} is gone, with its data and its state.`);
  },
});

async function confirm({ stack, tty, signal }: Context): Promise<void> {
  if (!tty) throw new CommandFailure("usage", "purge: nobody is there to ask; say --yes to delete the data");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`This deletes every volume of ${stack}. Type the stack's name to go on: `, { signal });
    if (answer.trim() !== stack) throw new CommandFailure("cancelled", "Not confirmed; nothing was deleted.");
  } finally {
    terminal.close();
  }
}

/** What the state no longer knows but carries the stack's label, the retained volumes above all. */
async function removeLabelled({ docker, stack, logger }: Context): Promise<void> {
  for (const { id } of await stackContainers(docker, stack)) await remove(docker.getContainer(id));
  for (const { id } of await stackNetworks(docker, stack)) await remove(docker.getNetwork(id));
  const volumes = await stackVolumes(docker, stack);
  for (const name of volumes) await remove(docker.getVolume(name));
  if (volumes.length > 0) logger.note(`Deleted volumes: ${volumes.join(", ")}`);
}
