import { books } from "../books";
import { CONTAINER, configs, containerName, ofType, reporter } from "../docker";
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
  name: "docker-stack-enforce-backup-jobs",
  displayName: "Backup table",
  description:
    "The backup service's plan and crontab hold every job of the book whose service is in the stack, on its schedule, no older allowed, kept no shorter, in its bucket, with the restore test and the expiry.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Give the job the book's values in the declaration's backup table; when the table itself changes, change the declaration and the pack's book together.",
  tags: ["data", "backup", "retention"],
  validateStack: (args, report) => {
    const containers = ofType(args, CONTAINER);
    const names = containers.map(containerName);
    const making = books.flatMap(({ containerPrefix, backups }) => {
      const container = backups && containers.find(found => containerName(found) === containerPrefix + backups.service);
      return container ? [{ container, backups, containerPrefix }] : [];
    });
    if (making.length === 0) args.notApplicable("nothing in this stack makes backups");
    for (const { container, backups, containerPrefix } of making) {
      const violation = reporter("container", containerName(container), report, container.urn);
      const [plan] = configs(container.props, "backup-plan").map(({ content }) => content && parseBackupPlan(content));
      if (!plan) {
        violation(
          "no readable plan is uploaded under the label dev.ultrathink.config.backup-plan",
          "Upload the plan as plain JSON and name its path in the label",
        );
        continue;
      }
      const lines = configs(container.props, "crontab").flatMap(({ content }) => parseCrontab(content ?? ""));
      const due = (schedule: string, command: string) => {
        const found = lines.filter(line => line.command === command).map(line => line.schedule);
        if (found.join() !== schedule) {
          violation(
            `its crontab runs "${command}" ${found.length === 0 ? "never" : `at ${found.join(" and ")}`}, the book says at ${schedule}`,
            `Write the line "${schedule} ${command}"`,
          );
        }
      };
      const required = backups.jobs.filter(({ of }) => of.every(service => names.includes(containerPrefix + service)));
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
      if (!/^https:\/\//.test(plan.vault?.endpoint ?? "")) {
        violation(`its vault is at ${plan.vault?.endpoint ?? "no address"}, an address over TLS is required`, "Use an https:// address");
      }
    }
  },
};
