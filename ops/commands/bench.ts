import { measurements } from "../bench";
import { stopIfCancelled, withEngine } from "../context";
import { table } from "../report";
import { defineCommand, noOptions } from "./command";

export const bench = defineCommand({
  summary: "Measure the running stack against what it should cost",
  examples: [["bin/ops bench", "ratios of one run; the stack must be up"]],
  validate: noOptions,
  run: context =>
    withEngine(context, {}, async session => {
      const rows: string[][] = [];
      for (const { name, measure } of measurements) {
        context.logger.note(`Measuring: ${name}`);
        const { ours, against, ratio, aim } = await measure(context, session);
        stopIfCancelled(context);
        rows.push([name, ours, against, ratio === undefined ? "" : ratio.toFixed(2), aim === undefined ? "" : `at most ${aim}`]);
      }
      context.logger.result(table(["MEASURED", "OURS", "AGAINST", "RATIO", "AIM"], rows));
    }),
});
