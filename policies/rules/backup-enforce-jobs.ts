import { bucketAt } from "../aws";
import { booksOf, servicesOf } from "../parts";
import { parseBackupPlan, parseCrontab } from "../parsers/backup-plan";
import type { StackRule } from "../rule";

const DAY = 86_400;

/** A length of time in the unit that a backup table would use. */
function told(seconds: number | undefined): string {
  if (seconds === undefined) return "not set";
  const unit = [
    { name: "d", size: DAY },
    { name: "h", size: 3600 },
    { name: "m", size: 60 },
  ].find(({ size }) => seconds % size === 0 && seconds >= 2 * size);
  return unit ? `${seconds / unit.size}${unit.name}` : `${seconds}s`;
}

export const rule: StackRule = {
  name: "backup-enforce-jobs",
  displayName: "Backup table",
  description:
    "The backup service's plan and crontab hold every job of the book whose service is in the stack, on its schedule, no older allowed, kept no shorter, in its bucket, which is the stack's own, with the restore test and the expiry.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Give the job the book's values in the declaration's backup table; when the table itself changes, change the declaration and the pack's book together.",
  tags: ["data", "backup", "retention"],
  validateStack: (args, report) => {
    const services = servicesOf(args, report);
    const making = booksOf(args).flatMap(({ backups }) => {
      const sidecar = backups && services.get(backups.service);
      return sidecar ? [{ sidecar, backups }] : [];
    });
    if (making.length === 0) args.notApplicable("nothing in this stack makes backups");
    for (const { sidecar, backups } of making) {
      const { files, violation } = sidecar;
      const [plan] = files("backup-plan").map(({ content }) => content && parseBackupPlan(content));
      if (!plan) {
        violation("it has no readable config file of kind backup-plan", "Give it the plan as plain JSON");
        continue;
      }
      if (plan.jobs.some(({ kind }) => kind === "postgres-physical") && files("pgbackrest").length === 0) {
        violation("pgBackRest has no configuration in it", "Give it one as a config file of kind pgbackrest");
      }
      const lines = files("crontab").flatMap(({ content }) => parseCrontab(content ?? ""));
      const due = (schedule: string, command: string) => {
        const found = lines.filter(line => line.command === command).map(line => line.schedule);
        if (found.join() !== schedule) {
          violation(
            `its crontab runs "${command}" ${found.length === 0 ? "never" : `at ${found.join(" and ")}`}, the book says at ${schedule}`,
            `Write the line "${schedule} ${command}"`,
          );
        }
      };
      const required = backups.jobs.filter(({ of }) => of.every(service => services.has(service)));
      for (const job of required) {
        const planned = plan.jobs.find(({ name }) => name === job.name);
        if (!planned) {
          violation(`its plan has no job ${job.name}, the book has`, `Declare the job ${job.name}`);
          continue;
        }
        const mend = `Set the book's value for the job ${job.name}`;
        for (const key of ["kind", "schedule", "bucket"] as const) {
          if (planned[key] !== job[key]) violation(`${key} of the job ${job.name} is ${planned[key] ?? "not set"}, the book says ${job[key]}`, mend);
        }
        const { maxAgeSeconds } = planned;
        if (!(maxAgeSeconds! <= job.maxAge)) {
          violation(`the newest backup of ${job.name} may be ${told(maxAgeSeconds)} old, at most ${told(job.maxAge)} is allowed`, mend);
        }
        for (const [what, least] of Object.entries(job.keep)) {
          const kept = planned.keep?.[what];
          if (!(kept! >= least)) {
            violation(`backups of ${job.name} are kept ${told(kept)} (${what}), at least ${told(least)} is required`, mend);
          }
        }
        due(job.schedule, `backup run ${job.name}`);
      }
      for (const { name } of plan.jobs.filter(planned => !backups.jobs.some(job => job.name === planned.name))) {
        violation(`its plan has the job ${name}, which the book does not have`, "Add it to the book");
      }
      due(backups.restoreTest, "backup restore-test");
      due(backups.expire, "backup expire");
      const { endpoint, bucket, unlockedBucket } = plan.vault ?? {};
      if (!/^https:\/\//.test(endpoint ?? ""))
        violation(`its vault is at ${endpoint ?? "no address"}, an address over TLS is required`, "Use an https:// address");
      for (const [which, found] of Object.entries({ locked: bucket, unlocked: unlockedBucket }) as ["locked" | "unlocked", string | undefined][]) {
        const own = bucketAt(endpoint, args, backups.buckets[which]);
        if (found !== own) violation(`its ${which} bucket is ${found ?? "not set"}, ${own} is required`, `Set it to ${own}`);
      }
    }
  },
};
