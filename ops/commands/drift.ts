import { NOTHING_UP, stopIfCancelled, withEngine } from "../context";
import { CommandFailure } from "../exit";
import { Progress } from "../progress";
import { changeReport } from "../report";
import { runtimeOf } from "../runtime";
import { defineCommand, noOptions } from "./command";

export const drift = defineCommand({
  summary: "Compare the state with what really runs; changes nothing",
  examples: [["bin/ops drift", "exit code 3, and what differs, when something was changed by hand"]],
  validate: noOptions,
  run: context =>
    withEngine(context, {}, async session => {
      if (!session.exists) throw new CommandFailure("usage", NOTHING_UP);
      await runtimeOf(context, session.plan).require();
      const { stack } = await session.open("select");
      const progress = new Progress(new Set(), () => 0);
      try {
        await stack.previewRefresh({ signal: context.engineSignal, onEvent: event => void progress.apply(event) });
      } catch (error) {
        stopIfCancelled(context);
        throw error;
      }
      if (progress.changes.length === 0) return context.logger.result("No drift: everything is as the last operation left it.");
      context.logger.result(changeReport(progress.changes));
      throw new CommandFailure("deviated", `${progress.changes.length} resources drifted. bin/ops up brings them back.`);
    }),
});
