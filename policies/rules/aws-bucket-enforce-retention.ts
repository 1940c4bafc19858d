import { BUCKET, bookBuckets, bucketsIn } from "../aws";
import { books } from "../books";
import { reporter } from "../report";
import { thresholds, type StackRule } from "../rule";

const DAY = 86_400;

const configSchema = {
  properties: {
    noncurrentDays: { type: "integer" as const, minimum: 1, default: 30, description: "Days that a hidden or replaced version is kept." },
    maxIncompleteDays: { type: "integer" as const, minimum: 1, default: 7, description: "Most days that the parts of a cut-off upload are kept." },
  },
};

/** Days for which a book keeps what lies under a prefix, `<job>/` or `<job>/<tier>/`; `undefined` where no book lets age alone delete. */
function keptDays(prefix: string): number | undefined {
  const [, name, tier = "all"] = /^(?:manifests\/)?([\w-]+)\/(?:(\w+)\/)?$/.exec(prefix) ?? [];
  const job = books.flatMap(({ backups }) => backups?.jobs ?? []).find(each => each.name === name);
  // pgBackRest's files and what is stored by content need one another: their programs alone know what may go.
  if (!job || !["postgres-dump", "redis-rdb"].includes(job.kind)) return undefined;
  const seconds = (job.keep as Record<string, number | undefined>)[tier];
  return seconds === undefined ? undefined : seconds / DAY;
}

export const rule: StackRule = {
  name: "aws-bucket-enforce-retention",
  displayName: "Backups are kept as long as the book says",
  description:
    "Lifecycle rules of the book's buckets delete by age only what is whole by itself and no sooner than the book says, clear hidden versions and cut-off uploads in time, and move nothing to an archive.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Leave the lifecycle as it is made from the declared retention; when that changes, change the declaration and the pack's book together.",
  tags: ["data", "backup", "retention"],
  configSchema,
  validateStack: (args, report) => {
    if (!args.resources.some(({ type }) => type === BUCKET)) args.notApplicable("no bucket of AWS is in this stack");
    const { noncurrentDays, maxIncompleteDays } = thresholds(configSchema, args);
    const ofBook = bookBuckets(args);
    for (const { name, resource, lifecycle = [] } of bucketsIn(args.resources).filter(bucket => ofBook.includes(bucket.name))) {
      const violation = reporter("bucket", name, report, resource.urn);
      const active = lifecycle.filter(({ status }) => status === "Enabled");
      const whole = active.filter(({ filter, prefix }) => (filter?.prefix ?? prefix ?? "") === "");
      if (!whole.some(each => each.noncurrentVersionExpiration?.noncurrentDays === noncurrentDays)) {
        violation(`hidden versions are not deleted after ${noncurrentDays} days`, "Give it noncurrentVersionExpiration for every prefix");
      }
      if (!whole.some(each => (each.abortIncompleteMultipartUpload?.daysAfterInitiation ?? Infinity) <= maxIncompleteDays)) {
        violation(`parts of cut-off uploads stay longer than ${maxIncompleteDays} days`, "Give it abortIncompleteMultipartUpload for every prefix");
      }
      for (const {
        id = "without a name",
        filter,
        prefix,
        expiration,
        noncurrentVersionExpiration,
        transitions,
        noncurrentVersionTransitions,
      } of active) {
        if ([transitions ?? [], noncurrentVersionTransitions ?? []].flat().length > 0)
          violation(`rule ${id} moves backups to an archive`, "Remove its transitions");
        if ((noncurrentVersionExpiration?.noncurrentDays ?? noncurrentDays) < noncurrentDays)
          violation(`rule ${id} deletes hidden versions sooner`, "Raise noncurrentDays");
        if (expiration?.days === undefined) continue;
        const where = filter?.prefix ?? prefix ?? "";
        const kept = keptDays(where);
        if (kept === undefined) violation(`rule ${id} deletes by age what lies under "${where}", where nothing may go by age`, "Remove it");
        else if (expiration.days !== kept)
          violation(`rule ${id} keeps "${where}" ${expiration.days} days, the book says ${kept}`, `Set it to ${kept}`);
      }
    }
  },
};
