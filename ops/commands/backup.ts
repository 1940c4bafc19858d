import { recoveryOf } from "../backups/face";
import type { JobResult } from "../backups/program";
import { Sidecar } from "../backups/sidecar";
import { type Context, lastPlan, requireDockerBackend } from "../context";
import { requireDocker } from "../docker";
import { CommandFailure } from "../exit";
import { duration } from "../progress";
import { table } from "../report";
import { Steps } from "../steps";
import { defineCommand } from "./command";
import { size } from "./status";

interface BackupOptions {
  jobs: string[];
}

export const backup = defineCommand<BackupOptions>({
  summary: "Make backups now, beside their schedules; exit code 0 only when every one is complete",
  examples: [
    ["bin/ops backup", "every job, one after the other"],
    ["bin/ops backup timescaledb redis-queue", "two of them; docs/disaster-recovery.md lists the jobs"],
  ],
  declare: command => void command.argument("[jobs...]", "backup jobs; all of them when none is named"),
  validate: jobs => ({ jobs }),
  async run(context, { jobs }) {
    const plan = await lastPlan(context);
    requireDockerBackend(plan, "backup");
    const declared = recoveryOf(plan).backups.jobs.map(({ name }) => name);
    const unknown = jobs.filter(name => !declared.includes(name));
    if (unknown.length > 0) throw new CommandFailure("usage", `backup: there is no job ${unknown.join(", ")}; there are ${declared.join(", ")}`);
    await requireDocker(context.docker);
    const sidecar = new Sidecar(context, plan);
    await sidecar.require();
    await make(context, sidecar, jobs.length > 0 ? jobs : declared);
  },
});

async function make({ logger, signal }: Context, sidecar: Sidecar, jobs: string[]): Promise<void> {
  const steps = new Steps(logger.note);
  const results: JobResult[] = [];
  for (const job of jobs) {
    if (signal.aborted) break;
    results.push(...(await steps.run(`Backing up ${job}`, () => sidecar.run([job], line => steps.say(line)))));
  }
  logger.result(table(HEAD, results.map(row)));
  if (signal.aborted) throw new CommandFailure("cancelled", "Cancelled; what is in the table is done.");
  const bad = results.filter(({ phase }) => phase !== "Completed");
  if (bad.length > 0) {
    throw new CommandFailure(
      "failed",
      `${bad.map(({ job, phase, message }) => `${job} ended as ${phase}${message ? `: ${message}` : ""}`).join("\n")}\n` +
        "What is not Completed is no backup; the ones before it are as they were. `bin/ops backup <job>` tries again.",
    );
  }
}

const HEAD = ["JOB", "BACKUP", "PHASE", "TOOK", "SIZE"];

const row = ({ job, id, phase, seconds, bytes }: JobResult): string[] => [job, id ?? "", phase, duration(seconds), size(bytes)];
