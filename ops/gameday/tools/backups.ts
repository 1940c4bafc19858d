import { Cron } from "croner";
import { recoveryOf } from "../../backups/face";
import type { JobResult, KeptBackup } from "../../backups/program";
import type { Sidecar } from "../../backups/sidecar";
import type { StackPlan } from "../../project";
import { targets } from "../../restore/targets";
import type { Finding } from "../experiment";
import { until } from "../until";

/** Seconds around a scheduled backup: until it is surely over, and for which a scenario wants to be alone. */
const APART = { after: 10, before: 60 };
const APART_WAIT_SECONDS = 120;

/** Backups through the sidecar, as `bin/ops backup` makes them. */
export class Backups {
  /** One job for each service that can be restored: the one that a rebuild uses. */
  readonly restorable: string[];
  /** Jobs that keep what is made anew by a rebuild, for the report. */
  readonly definitions: string[];
  /** The job of the portable dump: the longest single upload. */
  readonly dump: string;

  constructor(
    private readonly sidecar: Sidecar,
    private readonly plan: StackPlan,
    private readonly say: (text: string) => void,
  ) {
    this.restorable = targets(plan).flatMap(({ jobs }) => jobs.slice(0, 1));
    const ofKind = (kind: string) =>
      recoveryOf(plan)
        .backups.jobs.filter(job => job.kind === kind)
        .map(({ name }) => name);
    this.definitions = ofKind("kafka-definitions");
    this.dump = ofKind("postgres-dump")[0] ?? "";
  }

  /** The job that a restore of a service uses. */
  of(service: string): string[] {
    return targets(this.plan)
      .filter(target => target.service === service)
      .flatMap(({ jobs }) => jobs.slice(0, 1));
  }

  /** @returns what the run said of the job, also when it failed */
  async attempt(job: string): Promise<JobResult> {
    const [result] = await this.sidecar.run([job], this.say);
    if (!result) throw new Error(`backup run ${job} answered nothing`);
    return result;
  }

  /** @throws an Error when it is not complete */
  async one(job: string): Promise<JobResult & { id: string }> {
    const result = await this.attempt(job);
    const { phase, message, id } = result;
    if (phase !== "Completed" || !id) throw new Error(`the backup of ${job} ended as ${phase}: ${message ?? ""}`);
    return { ...result, id };
  }

  /** Makes several, one after the other. */
  async make(...jobs: string[]): Promise<string> {
    const made: string[] = [];
    for (const job of jobs) {
      const { id, seconds } = await this.one(job);
      made.push(`${job} ${id} in ${seconds.toFixed(0)} s`);
    }
    return made.join(", ");
  }

  /** Waits until no scheduled backup of a job comes between those that are made next. */
  async apartFromSchedule(job: string): Promise<void> {
    const { schedule } = recoveryOf(this.plan).backups.jobs.find(({ name }) => name === job)!;
    const { held, found } = await until(APART_WAIT_SECONDS, () => Promise.resolve(apart(schedule, new Date())));
    if (!held) throw new Error(`the scheduled backups of ${job} (${schedule}) leave no time between them: ${found}`);
  }

  list(job: string): Promise<KeptBackup[]> {
    return this.sidecar.list(job);
  }

  /** @throws CommandFailure `refused` that names what is damaged */
  verify(job: string): Promise<void> {
    return this.sidecar.verify(job);
  }
}

/** Whether a moment lies well after a run of a schedule and well before the next. */
export function apart(schedule: string, moment: Date): Finding {
  const next = new Cron(schedule, { timezone: "UTC" }).nextRun(new Date(moment.getTime() - APART.after * 1000));
  const seconds = next ? (next.getTime() - moment.getTime()) / 1000 : Infinity;
  return { held: seconds > APART.before, expected: `more than ${APART.before} s`, found: `one ${seconds.toFixed(0)} s away` };
}
