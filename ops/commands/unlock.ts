import { rmSync } from "node:fs";
import { NOTHING_UP, withEngine } from "../context";
import { CommandFailure } from "../exit";
import { type FoundLock, engineLocks, operationLocks } from "../locks";
import type { OpenStack } from "../stack";
import { existingVault } from "../vault";
import type { PreparedWorkFolder } from "../workspace";
import { defineCommand, noOptions } from "./command";

export const unlock = defineCommand({
  summary: "Release a stack, and the vault of its backups, whose operation is known to be gone",
  examples: [["bin/ops unlock", "after a crash on another machine; a dead process of this one is noticed without it"]],
  validate: noOptions,
  run: context =>
    withEngine(context, {}, async session => {
      const { stack, logger } = context;
      const vault = await existingVault(context, session.prepared);
      if (!session.exists && !vault) throw new CommandFailure("usage", NOTHING_UP);
      const held = [
        ...(session.exists ? await release(await session.open("select"), session.folder, stack) : []),
        ...(vault ? await release(vault.open, vault.folder, stack) : []),
      ];
      logger.result(
        held.length === 0
          ? "The stack was not locked."
          : `Released: ${held.map(({ lock }) => `process ${lock.pid} of ${lock.username} on ${lock.hostname} since ${lock.timestamp}`).join("; ")}`,
      );
    }),
});

/** Releases what an operation and the engine hold; tells what that was. */
async function release({ stack }: OpenStack, folder: PreparedWorkFolder, name: string): Promise<FoundLock[]> {
  const own = operationLocks(folder.path);
  const held = [...own, ...engineLocks(folder.backend, folder.project, name)];
  await stack.cancel();
  for (const { file } of own) rmSync(file, { force: true });
  return held;
}
