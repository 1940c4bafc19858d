import { measurements } from "../bench";
import { fromNothing } from "../bench/from-nothing";
import { growthFigures, growthTable, measureGrowth } from "../bench/growth";
import type { Figure } from "../bench/measurement";
import { type Context, NOTHING_UP, stopIfCancelled, withEngine } from "../context";
import { CommandFailure } from "../exit";
import { table } from "../report";
import { defineCommand } from "./command";

interface BenchOptions {
  fromNothing: boolean;
}

export const bench = defineCommand<BenchOptions>({
  summary: "Measure the stack against what it should cost",
  examples: [
    ["bin/ops bench", "ratios of one run; what needs the running stack is left out while it is not up"],
    ["bin/ops bench --from-nothing", "also its start, twice, against `docker compose up --wait`; there must be nothing of the stack (bin/ops purge)"],
  ],
  declare: command => void command.option("--from-nothing", "bring a disposable stack up, and its containers by Docker Compose; nothing is left"),
  validate: (_, raw) => ({ fromNothing: raw.fromNothing === true }),
  async run(context, options) {
    const rows: string[][] = [];
    const add = (name: string, { ours, against, ratio, aim }: Figure) =>
      rows.push([name, ours, against, ratio === undefined ? "" : ratio.toFixed(2), aim === undefined ? "" : `at most ${aim}`]);
    let sizes = "";
    const measureAll = () =>
      withEngine(context, {}, async session => {
        if (!session.exists) context.logger.note(`${NOTHING_UP} Until then bench measures what does not need it.`);
        for (const { name, measure } of session.exists ? measurements : []) {
          context.logger.note(`Measuring: ${name}`);
          add(name, await measure(context, session));
          stopIfCancelled(context);
        }
        const growth = await measureGrowth(context, session);
        if (!growth) return;
        growthFigures(growth).forEach(([name, figure]) => add(name, figure));
        sizes = `\n\n${growthTable(growth)}`;
      });
    if (options.fromNothing) {
      await fromNothing(context, async figure => {
        add("nothing to healthy", figure);
        await measureAll();
      });
    } else await measureAll();
    if (rows.length === 0) throw new CommandFailure("usage", NOTHING_UP);
    context.logger.result(`${table(["MEASURED", "OURS", "AGAINST", "RATIO", "AIM"], rows)}${sizes}`);
    if (options.fromNothing) left(context);
  },
});

const left = ({ logger, stack }: Context) => logger.result(`${stack} is down and has left nothing; \`bin/ops up --stack ${stack}\` brings it up.`);
