import { createInterface } from "node:readline/promises";
import { type Context, declaredPlan } from "../context";
import { erase } from "../destroy";
import { CommandFailure } from "../exit";
import { runtimeOf } from "../runtime";
import { clearWorkFolder } from "../record";
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
    if (!yes) await confirm(context, "purge", `the data of ${stack}`);

    // Impact: from here on data is deleted.
    await onExistingStack(context, (session, open) => erase(context, session, open, () => runtimeOf(context, session.plan).eraseData()));
    clearWorkFolder(workFolder(stack, root).path);
    logger.result(`${stack} is gone, with its data and its state.`);
  },
});

/** Asks a person to type the stack's name before `what` is deleted. */
export async function confirm({ stack, tty, signal }: Context, command: string, what: string): Promise<void> {
  if (!tty) throw new CommandFailure("usage", `${command}: nobody is there to ask; say --yes to delete the data`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`This deletes ${what}. Type the stack's name to go on: `, { signal });
    if (answer.trim() !== stack) throw new CommandFailure("cancelled", "Not confirmed; nothing was deleted.");
  } finally {
    terminal.close();
  }
}
