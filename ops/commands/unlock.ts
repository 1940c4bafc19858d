import { rmSync } from "node:fs";
import { NOTHING_UP, withEngine } from "../context";
import { CommandFailure } from "../exit";
import { engineLocks, operationLocks } from "../locks";
import { defineCommand, noOptions } from "./command";

export const unlock = defineCommand({
  summary: "Release a stack whose operation is known to be gone",
  examples: [["bin/ops unlock", "after a crash on another machine; a dead process of this one is noticed without it"]],
  validate: noOptions,
  run: context =>
    withEngine(context, {}, async session => {
      if (!session.exists) throw new CommandFailure("usage", NOTHING_UP);
      const held = [...operationLocks(session.folder.path), ...engineLocks(session.folder.backend, session.folder.project, context.stack)];
      await (await session.open("select")).stack.cancel();
      for (const { file } of operationLocks(session.folder.path)) rmSync(file, { force: true });
      context.logger.result(
        held.length === 0
          ? "The stack was not locked."
          : `Released: ${held.map(({ lock }) => `process ${lock.pid} of ${lock.username} on ${lock.hostname} since ${lock.timestamp}`).join("; ")}`,
      );
    }),
});
