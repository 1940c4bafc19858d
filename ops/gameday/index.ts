import { join } from "node:path";
import { recoveryOf } from "../backups/face";
import { Sidecar } from "../backups/sidecar";
import type { OpenVault } from "../backups/open-vault";
import { type Context, imagesOf } from "../context";
import type { StackPlan } from "../project";
import { Steps } from "../steps";
import { workFolder } from "../workspace";
import { type Scenario, run } from "./experiment";
import { type Figures, type Journal, objectiveAnswers } from "./journal";
import { verdict, writeReport } from "./report";
import { STANDARD } from "./scenarios";
import { recoverable, serving } from "./steady-state";
import type { Tools } from "./tools";
import { Backups } from "./tools/backups";
import { Containers } from "./tools/containers";
import { Database } from "./tools/database";
import { Kafka } from "./tools/kafka";
import { Operations } from "./tools/operations";
import { Prometheus } from "./tools/prometheus";
import { Queue } from "./tools/queue";
import { Shell } from "./tools/shell";
import { Tracking } from "./tools/tracking";
import { Vault } from "./tools/vault";

/** Where a stack's game-day reports lie. */
export const reportsFolder = (stack: string, root: string): string => join(workFolder(stack, root).path, "gameday");

/** An ISO time as a folder name. */
const folderTime = (iso: string) => iso.replace(/[-:]/g, "").replace(/\.\d+/, "");

export interface Played {
  journal: Journal;
  /** Path of the report. */
  report: string;
}

interface Stage {
  context: Context;
  plan: StackPlan;
  vault: OpenVault;
  bringUp: (context: Context) => Promise<void>;
}

/** Runs one scenario, writes its report and stores its record in the vault. */
export async function play(stage: Stage, scenario: Scenario, folder: string): Promise<Played> {
  const { context, plan } = stage;
  const { logger, docker, stack, signal } = context;
  const started = new Date();
  const steps = new Steps(logger.note);
  const figures: Figures = { data: {} };
  const mark = `game-day-${folderTime(started.toISOString())}`;
  const sidecar = new Sidecar(context, plan);
  const tools = makeTools(stage, { mark, figures, steps, sidecar, lost: () => ((figures.lossSeconds = steps.elapsed()), Date.now()) });

  steps.say(`Game-day: ${scenario.title}`);
  const outcome = await run({
    procedure: scenario.prepare(tools),
    serving: serving(tools),
    recoverable: recoverable(tools),
    steps,
    signal,
    recovered: () => {
      if (figures.lossSeconds !== undefined) figures.rtoSeconds = steps.elapsed() - figures.lossSeconds;
    },
  });
  const { rtoSeconds, rpoSeconds } = recoveryOf(plan);
  const objectives = { rtoSeconds, rpoSeconds };
  if (outcome.status === "completed") outcome.verification.push(...objectiveAnswers({ figures, objectives }));
  const deviated = outcome.deviated || outcome.verification.some(({ held }) => !held);
  const finished = new Date();
  const journal: Journal = {
    version: 1,
    scenario: scenario.name,
    title: scenario.title,
    hypothesis: scenario.hypothesis,
    system: plan.system,
    stack,
    ...outcome,
    deviated,
    held: outcome.status === "completed" && !deviated,
    started: started.toISOString(),
    finished: finished.toISOString(),
    seconds: steps.elapsed(),
    objectives,
    figures,
    versions: { Docker: (await docker.version()).Version, "Node.js": process.versions.node, ...imagesOf(plan) },
  };
  const report = writeReport(folder, journal, wayOut(journal));
  // The others lose less: having run them does not say that a whole stack can be rebuilt.
  if (scenario.name === STANDARD) {
    await sidecar
      .record("game-day", JSON.stringify(journal))
      .catch((error: Error) => logger.note(`The record is not in the vault: ${error.message}`));
  }
  return { journal, report };
}

function makeTools(
  { context, plan, vault, bringUp }: Stage,
  { mark, figures, steps, sidecar, lost }: { mark: string; figures: Figures; steps: Steps; sidecar: Sidecar; lost: () => number },
): Tools {
  const say = (text: string) => steps.say(text);
  const shell = new Shell(context.docker, plan);
  const database = new Database(shell, plan, mark);
  return {
    plan,
    mark,
    figures,
    say,
    lost,
    database,
    kafka: new Kafka(shell, plan, database, mark),
    queue: new Queue(shell, plan, mark),
    tracking: new Tracking(plan, mark),
    prometheus: new Prometheus(plan),
    containers: new Containers(context.docker, context.stack, plan),
    backups: new Backups(sidecar, plan, say),
    vault: new Vault(context.docker, vault),
    operations: new Operations(context, plan, vault, steps, figures, bringUp),
  };
}

/** What to do when the stack may not be what it was. */
export function wayOut({ status, stack, steps, figures }: Pick<Journal, "status" | "stack" | "steps" | "figures">): string | undefined {
  if (status === "completed" || status === "aborted") return undefined;
  const at = steps.find(({ outcome }) => outcome === "failed")?.name;
  const stopped = `It stopped${at ? ` at "${at}"` : ""}`;
  return figures.lossSeconds === undefined
    ? `${stopped}, before anything was lost. \`bin/ops up --stack ${stack}\` repairs what was stopped, the vault included.`
    : `${stopped}, after the loss, so the stack may lack data. \`bin/ops restore --stack ${stack}\` restores everything from the vault and brings the stack up; ` +
        `\`bin/ops up --stack ${stack}\` alone is enough when its volumes are whole.`;
}

export { folderTime, verdict };
