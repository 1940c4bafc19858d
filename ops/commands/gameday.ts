import { join } from "node:path";
import { writeFileSync } from "node:fs";
import { recoveryOf } from "../backups/face";
import { openVault } from "../backups/open-vault";
import { type Context, NOTHING_UP, imagesOf, lastPlan, requireDockerBackend, withEngine } from "../context";
import { requireDocker } from "../docker";
import { CommandFailure } from "../exit";
import { type Played, folderTime, play, reportsFolder, verdict, wayOut } from "../gameday";
import { type Scenario } from "../gameday/experiment";
import { type Journal, deviations } from "../gameday/journal";
import { STANDARD, scenarios } from "../gameday/scenarios";
import { duration } from "../progress";
import { table } from "../report";
import { defineCommand } from "./command";
import { up } from "./up";

interface GamedayOptions {
  chosen: Scenario[];
}

export const gameday = defineCommand<GamedayOptions>({
  summary: "Break the stack on purpose, recover it by the book, and prove its data; only where stack config says disposable: true",
  examples: [
    ["bin/ops gameday", "destroys everything but the vault, rebuilds it, compares row by row, and reports RTO and RPO"],
    ["bin/ops gameday --scenario redis-lost", "one scenario; the names are in --help and ops/gameday/scenarios/"],
    ["bin/ops gameday --scenario all", "every scenario, one after the other, with their times in one table"],
  ],
  declare: command => void command.option("--scenario <name>", `${scenarios.map(({ name }) => name).join(", ")}, or all`, STANDARD),
  validate(_, { scenario }) {
    const chosen = scenario === "all" ? scenarios : scenarios.filter(({ name }) => name === scenario);
    if (chosen.length > 0) return { chosen };
    throw new CommandFailure("usage", `--scenario: "${String(scenario)}" is not allowed; use ${scenarios.map(({ name }) => name).join(", ")} or all`);
  },
  async run(context, { chosen }) {
    const { stack, root, logger, signal } = context;
    const plan = await lastPlan(context);
    requireDockerBackend(plan, "gameday");
    if (!plan.disposable) {
      throw new CommandFailure(
        "usage",
        `gameday: ${stack} is not disposable, and a game-day breaks and loses things on purpose. If that is meant, set disposable: true in Pulumi.${stack}.yaml.`,
      );
    }
    recoveryOf(plan);
    await requireDocker(context.docker);
    const vault = await withEngine(context, imagesOf(plan), session => {
      if (!session.exists) throw new CommandFailure("usage", NOTHING_UP);
      return openVault(context, session);
    });
    const folder = join(reportsFolder(stack, root), folderTime(new Date().toISOString()));
    const played: Played[] = [];
    for (const scenario of chosen) {
      // Each is asked for its own steady state: what one has broken for good stops the next by itself.
      played.push(await play({ context, plan, vault, bringUp: up.bind([], {}) }, scenario, folder));
      if (signal.aborted) break;
    }
    logger.result(summary(played.map(({ journal }) => journal)));
    if (chosen.length > 1)
      writeFileSync(join(folder, "summary.md"), `# Game-day of ${stack}\n\n\`\`\`\n${summary(played.map(({ journal }) => journal))}\n\`\`\`\n`);
    for (const { report } of played) logger.result(`Report: ${report}`);
    conclude(
      context,
      played.map(({ journal }) => journal),
    );
  },
});

export function summary(journals: Journal[]): string {
  const seconds = (value: number | undefined) => (value === undefined ? "" : duration(value));
  return table(
    ["SCENARIO", "RESULT", "TOOK", "RTO", "RPO"],
    journals.map(journal => [
      journal.scenario,
      verdict(journal),
      duration(journal.seconds),
      seconds(journal.figures.rtoSeconds),
      seconds(journal.figures.rpoSeconds),
    ]),
  );
}

/** Ends as the worst of them did. */
export function conclude({ signal }: Pick<Context, "signal">, journals: Journal[]): void {
  const failed = journals.find(({ status }) => status === "failed" || status === "interrupted");
  if (failed) {
    throw new CommandFailure(
      signal.aborted ? "cancelled" : "failed",
      `${failed.scenario}: ${failed.error ?? "interrupted"}\n${wayOut(failed) ?? ""}`,
    );
  }
  const lines = (journal: Journal, answers: Journal["verification"]) =>
    answers.map(({ name, expected, found }) => `${journal.scenario}: "${name}" did not hold: expected ${expected}, found ${found}`);
  const deviated = journals.flatMap(journal => (journal.deviated ? lines(journal, deviations(journal)) : []));
  if (deviated.length > 0) throw new CommandFailure("deviated", deviated.join("\n"));
  const unsteady = journals.filter(({ status }) => status === "aborted");
  const reasons = unsteady.flatMap(journal =>
    lines(
      journal,
      journal.steadyState.before.filter(({ held }) => !held),
    ),
  );
  if (reasons.length > 0)
    throw new CommandFailure(
      "unsteady",
      `${reasons.join("\n")}\nNothing was injected there. \`bin/ops status\` shows the stack, \`bin/ops up\` repairs it.`,
    );
}
