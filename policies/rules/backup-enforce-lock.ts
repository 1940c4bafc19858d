import { booksOf, partsOf, servicesOf } from "../parts";
import { parseBuckets } from "../parsers/buckets";
import { reporter } from "../report";
import type { StackRule } from "../rule";

/** What would let an identity destroy a backup before its time, or open the way to it. A pattern may stand for any of it. */
const DESTRUCTIVE =
  /[*?]|^s3:(DeleteObjectVersion|PutObjectRetention|PutObjectLegalHold|BypassGovernanceRetention|DeleteBucket\w*|PutBucket\w*|PutLifecycleConfiguration)$/i;

/** An identity that is not named is everybody. */
const isAnybody = (principal: unknown) => !principal || Object.values(principal).flat().length === 0 || JSON.stringify(principal).includes('"*"');

export const rule: StackRule = {
  name: "backup-enforce-lock",
  displayName: "Buckets that nobody empties",
  description:
    "The book's buckets keep every version, a vault's are locked for its days, and no identity may delete a version, shorten a lock or change a bucket.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Make the buckets with versioning, with a default retention of at least the book's days, and with a policy that names each identity and each action; write them into a config file of kind buckets.",
  tags: ["data", "backup", "security"],
  validateStack: (args, report) => {
    const services = servicesOf(args, report);
    const required = booksOf(args).flatMap(({ buckets }) =>
      Object.entries(buckets ?? {}).filter(([, { of }]) => of === undefined || services.has(of)),
    );
    if (required.length === 0) args.notApplicable("no bucket of a book belongs into this stack");
    const files = partsOf(args, report).flatMap(part => part.files("buckets"));
    const made = files.flatMap(({ content }) => parseBuckets(content ?? ""));
    for (const [name, { lockDays }] of required) {
      const violation = reporter("bucket", name, report);
      const bucket = made.find(found => found.name === name);
      if (!bucket) {
        violation("no config file of kind buckets makes it", "Add it to the buckets");
        continue;
      }
      if (bucket.versioning !== true) violation("it is not versioned, and what is overwritten would be lost", "Set versioning to true");
      if (lockDays !== undefined) {
        const { mode, days } = bucket.lock ?? {};
        if (!["GOVERNANCE", "COMPLIANCE"].includes(mode ?? "") || !(days! >= lockDays)) {
          violation(
            `its lock is ${mode ?? "not set"}${days === undefined ? "" : ` for ${days} days`}, GOVERNANCE or COMPLIANCE for at least ${lockDays} days is required`,
            `Lock it for ${lockDays} days`,
          );
        }
      }
      for (const { Sid, Effect, Principal, Action, NotAction } of bucket.policy?.Statement ?? []) {
        if (Effect !== "Allow") continue;
        const statement = `statement ${Sid ?? "without a name"} of its policy`;
        if (isAnybody(Principal)) violation(`${statement} allows anybody`, "Name the identities");
        const actions = NotAction === undefined ? [Action ?? []].flat() : ["*"];
        const bad = actions.filter(action => DESTRUCTIVE.test(action));
        if (bad.length > 0) violation(`${statement} allows ${bad.join(", ")}, with which a backup can be destroyed`, "Remove it");
      }
    }
  },
};
