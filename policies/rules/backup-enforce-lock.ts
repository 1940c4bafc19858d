import { DESTRUCTIVE, allowed, bucketsIn, isAnybody, nameInS3 } from "../aws";
import { booksOf, partsOf, servicesOf } from "../parts";
import { parseBuckets } from "../parsers/buckets";
import { reporter } from "../report";
import type { StackRule } from "../rule";

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
    const onAws = bucketsIn(args.resources);
    const made = [
      ...files.flatMap(({ content }) => parseBuckets(content ?? "")),
      ...onAws.map(bucket => ({ ...bucket, policy: { Statement: bucket.statements } })),
    ];
    // Where the account's root could shorten another, nobody can shorten this.
    const modes = onAws.length > 0 ? ["COMPLIANCE"] : ["GOVERNANCE", "COMPLIANCE"];
    for (const [bookName, { lockDays }] of required) {
      const name = onAws.length > 0 ? nameInS3(args, bookName) : bookName;
      const violation = reporter("bucket", name, report);
      const bucket = made.find(found => found.name === name);
      if (!bucket) {
        violation("nothing makes it", "Add it to the buckets");
        continue;
      }
      if (bucket.versioning !== true) violation("it is not versioned, and what is overwritten would be lost", "Set versioning to true");
      if (lockDays !== undefined) {
        const { mode, days } = bucket.lock ?? {};
        if (!modes.includes(mode ?? "") || !(days! >= lockDays)) {
          violation(
            `its lock is ${mode ?? "not set"}${days === undefined ? "" : ` for ${days} days`}, ${modes.join(" or ")} for at least ${lockDays} days is required`,
            `Lock it for ${lockDays} days`,
          );
        }
      }
      for (const statement of bucket.policy?.Statement ?? []) {
        if (statement.Effect !== "Allow") continue;
        const which = `statement ${statement.Sid ?? "without a name"} of its policy`;
        if (isAnybody(statement.Principal)) violation(`${which} allows anybody`, "Name the identities");
        const bad = allowed(statement).filter(action => DESTRUCTIVE.test(action));
        if (bad.length > 0) violation(`${which} allows ${bad.join(", ")}, with which a backup can be destroyed`, "Remove it");
      }
    }
  },
};
