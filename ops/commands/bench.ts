import { measurements } from "../bench";
import { fromNothing } from "../bench/from-nothing";
import type { Figure } from "../bench/measurement";
import { type Context, stopIfCancelled, withEngine } from "../context";
import { table } from "../report";
import { defineCommand } from "./command";

interface BenchOptions {
  fromNothing: boolean;
}

export const bench = defineCommand<BenchOptions>({
  summary: "Measure the stack against what it should cost",
  examples: [
    ["bin/ops bench", "ratios of one run; the stack must be up"],
    ["bin/ops bench --from-nothing", "also its start, twice, against `docker compose up --wait`; there must be nothing of the stack (bin/ops purge)"],
  ],
  declare: command => void command.option("--from-nothing", "bring a disposable stack up, and its containers by Docker Compose; nothing is left"),
  validate: (_, raw) => ({ fromNothing: raw.fromNothing === true }),
  async run(context, options) {
    const rows: string[][] = [];
    const add = (name: string, { ours, against, ratio, aim }: Figure) =>
      rows.push([name, ours, against, ratio === undefined ? "" : ratio.toFixed(2), aim === undefined ? "" : `at most ${aim}`]);
    const measureRunning = () =>
      withEngine(context, {}, async session => {
        for (const { name, measure } of measurements) {
          context.logger.note(`Measuring: ${name}`);
          add(name, await measure(context, session));
          stopIfCancelled(context);
        }
      });
    if (options.fromNothing) {
      await fromNothing(context, async figure => {
        add("nothing to healthy", figure);
        await measureRunning();
      });
    } else await measureRunning();
    context.logger.result(table(["MEASURED", "OURS", "AGAINST", "RATIO", "AIM"], rows));
    if (options.fromNothing) left(context);
  },
});

const left = ({ logger, stack }: Context) => logger.result(`${stack} is down and has left nothing; \`bin/ops up --stack ${stack}\` brings it up.`);
