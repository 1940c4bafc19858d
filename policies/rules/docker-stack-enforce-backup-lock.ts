import type { PolicyResource } from "@pulumi/policy";
import { books } from "../books";
import { CONTAINER, configs, ofType, projectOf, reporter } from "../docker";
import { parseBuckets, type Bucket } from "../parsers/buckets";
import type { StackRule } from "../rule";

/** What would let an identity destroy a backup before its time, or open the way to it. A pattern may stand for any of it. */
const DESTRUCTIVE =
  /[*?]|^s3:(DeleteObjectVersion|PutObjectRetention|PutObjectLegalHold|BypassGovernanceRetention|DeleteBucket\w*|PutBucket\w*|PutLifecycleConfiguration)$/i;

/** The documents by which a stack makes its buckets. */
function documents(containers: PolicyResource[]): Bucket[][] {
  return containers.flatMap(({ props }) => configs(props, "buckets").map(({ content }) => parseBuckets(content ?? "")));
}

export const rule: StackRule = {
  name: "docker-stack-enforce-backup-lock",
  displayName: "A vault that nobody empties",
  description:
    "A vault's buckets keep every version, the book's are locked for its days, and no identity may delete a version, shorten a lock or change a bucket.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Make the buckets with versioning, with a default retention of at least the book's days, and with a policy that names each identity and each action; write them into the file that the label dev.ultrathink.config.buckets names.",
  tags: ["data", "backup", "security"],
  validateStack: (args, report) => {
    const containers = ofType(args, CONTAINER);
    const project = containers[0] && projectOf(containers[0].urn);
    const book = books.find(({ buckets, project: its }) => buckets && its === project);
    if (!book) args.notApplicable("this stack is no vault");
    const made = documents(containers).flat();
    for (const [name, { lockDays }] of Object.entries(book!.buckets!)) {
      const violation = reporter("bucket", name, report);
      const bucket = made.find(found => found.name === name);
      if (!bucket) {
        violation("no file under the label dev.ultrathink.config.buckets makes it", "Add it to the vault's buckets");
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
        if (JSON.stringify(Principal ?? "*").includes('"*"')) violation(`${statement} allows anybody`, "Name the identities");
        const actions = NotAction === undefined ? [Action ?? []].flat() : ["*"];
        const bad = actions.filter(action => DESTRUCTIVE.test(action));
        if (bad.length > 0) violation(`${statement} allows ${bad.join(", ")}, with which a backup can be destroyed`, "Remove it");
      }
    }
  },
};
