import { type Session, type Context, NOTHING_UP, withEngine } from "../context";
import { destroy } from "../destroy";
import { CommandFailure } from "../exit";
import { clearEngineLocks, engineLocks, holding } from "../locks";
import { runtimeOf } from "../runtime";
import { type OpenStack, typeOf } from "../stack";
import { workFolder } from "../workspace";
import { defineCommand, noOptions } from "./command";

export const down = defineCommand({
  summary: "Destroy the stack; its data stays",
  examples: [["bin/ops down", "the next `up` finds its data again"]],
  validate: noOptions,
  run: context =>
    onExistingStack(context, async (session, open) => {
      const { changes } = await destroy(context, session.plan, open);
      const kept = ((await open.state()).resources ?? [])
        .filter(({ protect, urn }) => protect && DATA.includes(typeOf(urn)))
        .map(({ id, urn }) => id ?? urn)
        .sort();
      context.logger.result(
        `${changes.filter(({ operation }) => operation === "delete").length} resources destroyed.${kept.length > 0 ? ` Kept: ${kept.join(", ")}.` : ""}`,
      );
    }),
});

/** What holds data: volumes, and the namespace of the claims. */
const DATA = ["docker:index/volume:Volume", "kubernetes:core/v1:Namespace"];

/** Opens a stack that exists, alone, with what an interrupted run left cleared. */
export async function onExistingStack(context: Context, use: (session: Session, open: OpenStack) => Promise<void>): Promise<void> {
  const { stack, root, host, logger } = context;
  await holding(workFolder(stack, root).path, host, logger.note, () =>
    withEngine(context, {}, async session => {
      if (!session.exists) throw new CommandFailure("usage", NOTHING_UP);
      const runtime = runtimeOf(context, session.plan);
      await runtime.require();
      await clearEngineLocks(() => engineLocks(session.folder.backend, session.folder.project, stack), host, logger.note);
      const open = await session.open("select");
      await runtime.clear(open);
      await use(session, open);
    }),
  );
}
