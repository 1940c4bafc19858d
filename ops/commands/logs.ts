import { lastPlan, withEngine } from "../context";
import { CommandFailure } from "../exit";
import { runtimeOf } from "../runtime";
import { existingVault } from "../vault";
import { defineCommand } from "./command";

interface LogsOptions {
  services: string[];
  follow: boolean;
  tail: number;
}

export const logs = defineCommand<LogsOptions>({
  summary: "Show the logs of services, and of the vault, secrets masked",
  examples: [
    ["bin/ops logs kafka-1 kafka-2 --tail 200", "the last 200 lines of two brokers"],
    ["bin/ops logs --follow", "everything, as it is written"],
  ],
  declare: command =>
    void command
      .argument("[services...]", "services; all of them when none is named")
      .option("-f, --follow", "go on as lines are written")
      .option("-n, --tail <lines>", "lines of the past", "100"),
  validate(services, raw) {
    const tail = Number(raw.tail);
    if (!Number.isInteger(tail) || tail < 0)
      throw new CommandFailure("usage", `--tail: "${String(raw.tail)}" is not allowed; use a whole number of lines, such as 200`);
    return { services, follow: raw.follow === true, tail };
  },
  async run(context, options) {
    const { logger, tty } = context;
    const runtime = runtimeOf(context, await lastPlan(context));
    await runtime.require();
    await withEngine(context, {}, async ({ exists, open, prepared }) => {
      const vault = await existingVault(context, prepared);
      for (const one of [...(exists ? [await open("select")] : []), ...(vault ? [vault.open] : [])]) logger.hide(await one.secrets());
    });
    const sources: string[] = [];
    await runtime.logs(options, (source, line) => {
      if (!sources.includes(source)) sources.push(source);
      const colour = COLOURS[sources.indexOf(source) % COLOURS.length];
      logger.result(`${tty ? `\u001b[${colour}m${source}\u001b[0m` : source} | ${line}`);
    });
  },
});

/** ANSI foreground colours that read on light and dark grounds. */
const COLOURS = [36, 33, 32, 35, 34, 31];
