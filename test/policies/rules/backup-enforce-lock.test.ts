import type { PolicyResource } from "@pulumi/policy";
import { CONTAINER, NETWORK } from "../../../policies/docker";
import type { Bucket } from "../../../policies/parsers/buckets";
import { rule } from "../../../policies/rules/backup-enforce-lock";
import { bucket } from "../buckets";
import { container, UNKNOWN, judgeStack, job, resource } from "../support";

const PATH = "/etc/ultrathink/buckets.json";
const PROJECT = "ultrathink-vault";

const buckets = (content: string) =>
  resource(
    CONTAINER,
    job({ name: "ultrathink-vault-buckets", labels: [{ label: "dev.ultrathink.config.buckets", value: PATH }], uploads: [{ file: PATH, content }] }),
    { project: PROJECT },
  );
const policy = (statement: object) => ({
  policy: { Statement: [{ Sid: "writer", Effect: "Allow", Principal: { AWS: ["writer"] }, ...statement }] },
});
const document: Bucket[] = [
  {
    name: "ultrathink-backups",
    versioning: true,
    lock: { mode: "GOVERNANCE", days: 14 },
    ...policy({ Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"] }),
  },
  { name: "ultrathink-backups-recent", versioning: true },
];
/** A vault's document, with a bucket changed or, where undefined, left out. */
function vault(changes: Record<string, Partial<Bucket> | undefined> = {}): PolicyResource[] {
  const made = document.flatMap(bucket =>
    bucket.name in changes ? (changes[bucket.name] === undefined ? [] : [{ ...bucket, ...changes[bucket.name] }]) : [bucket],
  );
  return [buckets(JSON.stringify({ version: 1, buckets: made }))];
}
const message = (bucket: string, found: string, mend: string) => [`bucket "${bucket}": ${found}. ${mend}.`];
const locked = (found: string, mend: string) => message("ultrathink-backups", found, mend);
const destroys = (actions: string) => locked(`statement writer of its policy allows ${actions}, with which a backup can be destroyed`, "Remove it");
const lock = (found: string) => locked(`its lock is ${found}, GOVERNANCE or COMPLIANCE for at least 14 days is required`, "Lock it for 14 days");

describe(rule.name, () => {
  it("accepts a vault with the book's buckets", () => {
    expect(judgeStack(rule, vault())).toEqual({ violations: [] });
  });

  it.each<[string, Partial<Bucket>, string[]]>([
    [
      "a bucket that keeps one version",
      { versioning: false },
      locked("it is not versioned, and what is overwritten would be lost", "Set versioning to true"),
    ],
    ["no lock", { lock: undefined }, lock("not set")],
    ["a lock of another kind", { lock: { mode: "NONE", days: 14 } }, lock("NONE for 14 days")],
    ["a day too little", { lock: { mode: "GOVERNANCE", days: 13 } }, lock("GOVERNANCE for 13 days")],
    ["a lock without an end or a length", { lock: { mode: "COMPLIANCE" } }, lock("COMPLIANCE")],
    ["a writer that deletes versions", policy({ Action: ["s3:PutObject", "s3:DeleteObjectVersion"] }), destroys("s3:DeleteObjectVersion")],
    ["one that shortens locks", policy({ Action: "s3:PutObjectRetention" }), destroys("s3:PutObjectRetention")],
    ["one that bypasses them", policy({ Action: ["s3:BypassGovernanceRetention"] }), destroys("s3:BypassGovernanceRetention")],
    ["one that changes the bucket's policy", policy({ Action: ["s3:PutBucketPolicy"] }), destroys("s3:PutBucketPolicy")],
    ["one that sets a lifecycle", policy({ Action: ["s3:PutLifecycleConfiguration"] }), destroys("s3:PutLifecycleConfiguration")],
    ["one that deletes the bucket", policy({ Action: ["s3:DeleteBucket"] }), destroys("s3:DeleteBucket")],
    ["a pattern that stands for it", policy({ Action: ["s3:Delete*"] }), destroys("s3:Delete*")],
    ["everything but something", policy({ NotAction: ["s3:GetObject"] }), destroys("*")],
    ["anybody", policy({ Action: ["s3:GetObject"], Principal: "*" }), locked("statement writer of its policy allows anybody", "Name the identities")],
    [
      "anybody, written the other way",
      policy({ Action: ["s3:GetObject"], Principal: { AWS: ["*"] } }),
      locked("statement writer of its policy allows anybody", "Name the identities"),
    ],
  ])("reports %s", (_title, change, expected) => {
    expect(judgeStack(rule, vault({ "ultrathink-backups": change })).violations).toEqual(expected);
  });

  it("reports the bucket for short-lived backups too, which needs versions and no lock", () => {
    expect(judgeStack(rule, vault({ "ultrathink-backups-recent": { versioning: false } })).violations).toEqual(
      message("ultrathink-backups-recent", "it is not versioned, and what is overwritten would be lost", "Set versioning to true"),
    );
  });

  it.each(["ultrathink-backups", "ultrathink-backups-recent"])("reports the missing bucket %s", name => {
    expect(judgeStack(rule, vault({ [name]: undefined })).violations).toEqual(message(name, "nothing makes it", "Add it to the buckets"));
  });

  it.each<[string, Partial<Bucket>]>([
    ["a longer lock that nobody can lift", { lock: { mode: "COMPLIANCE", days: 30 } }],
    ["a refusal of everything", policy({ Effect: "Deny", Action: "*", Principal: "*" })],
  ])("accepts %s", (_title, change) => {
    expect(judgeStack(rule, vault({ "ultrathink-backups": change })).violations).toEqual([]);
  });

  it("does not judge a document that is not known yet", () => {
    expect(judgeStack(rule, [buckets(UNKNOWN)])).toEqual({ violations: [], unknown: true });
  });

  it("reports every bucket of a vault that makes none", () => {
    expect(judgeStack(rule, [resource(NETWORK, {}, { project: PROJECT })]).violations).toHaveLength(2);
  });

  it.each([
    ["prod", "", []],
    ["staging", "-staging", []],
    ["staging", "", ["ultrathink-backups-staging", "ultrathink-backups-recent-staging"]],
    ["prod", "-staging", ["ultrathink-backups", "ultrathink-backups-recent"]],
  ])("in S3 asks %s for buckets of its own: with names that end in '%s' it lacks %j", (stack, ending, missing) => {
    const made = ["ultrathink-backups", "ultrathink-backups-recent"].flatMap(name => bucket({}, { name: `${name}${ending}`, stack }));
    expect(judgeStack(rule, made).violations).toEqual(missing.flatMap(name => message(name, "nothing makes it", "Add it to the buckets")));
  });

  it("asks for the object store's bucket where there is one", () => {
    const store = (versioning: boolean) =>
      container({
        name: "ultrathink-object-store",
        labels: [{ label: "dev.ultrathink.config.buckets", value: "/buckets.json" }],
        uploads: [{ file: "/buckets.json", content: JSON.stringify([{ name: "mlflow-artifacts", versioning }]) }],
      });
    expect(judgeStack(rule, [resource(CONTAINER, store(true))])).toEqual({ violations: [] });
    expect(judgeStack(rule, [resource(CONTAINER, store(false))]).violations).toEqual([expect.stringContaining("it is not versioned")]);
  });

  it("does not apply to a stack that has no such service", () => {
    expect(judgeStack(rule, [resource(CONTAINER, job())])).toEqual({ violations: [], notApplicable: "no bucket of a book belongs into this stack" });
  });
});
