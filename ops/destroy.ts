import { type Context, type Session, stopIfCancelled } from "./context";
import { CommandFailure } from "./exit";
import { Progress } from "./progress";
import { explain } from "./report";
import type { OpenStack } from "./stack";

/** Destroys what the state holds, the protected left alone, and says what went. */
export async function destroy(context: Context, session: Session, open: OpenStack): Promise<Progress> {
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
        if (gone?.op === "delete" && gone.type === "docker:index/container:Container")
          context.logger.note(`[${Math.round(elapsed())}s] ${gone.urn.split("::").at(-1)} is gone`);
      },
    });
  } catch (error) {
    stopIfCancelled(context);
    if (progress.failures.length === 0) throw error;
    throw new CommandFailure("failed", await explain(context, session.plan, progress.failures));
  }
  return progress;
}
