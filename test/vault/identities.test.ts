import { bucketPolicy, permissions } from "../../vault/identities";

/** What would let somebody destroy a backup, or make it destroyable. */
const DESTRUCTIVE =
  /^s3:(\*|DeleteObjectVersion|DeleteBucket.*|PutObjectRetention|PutObjectLegalHold|BypassGovernanceRetention|PutBucket.*|PutLifecycle.*|PutObjectAcl|PutReplication.*|.*\*.*)$/;

test("no identity may delete a version, touch a lock, a policy or a bucket, and no action is a pattern", () => {
  const actions = Object.values(permissions).flatMap(({ bucket, objects }) => [...bucket, ...objects]);
  expect(actions.filter(action => DESTRUCTIVE.test(action))).toEqual([]);
});

test("the restore identity writes nothing", () => {
  const { bucket, objects } = permissions.restore;
  expect([...bucket, ...objects].filter(action => !/^s3:(Get|List)/.test(action))).toEqual([]);
});

test("the writer may hide an object and read it, and not its older versions", () => {
  expect(permissions.writer.objects).toEqual(expect.arrayContaining(["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]));
  expect(permissions.writer.objects).not.toContain("s3:GetObjectVersion");
  expect(permissions.writer.bucket).not.toContain("s3:ListBucketVersions");
});

test("a bucket's policy names the identities one by one, and the bucket itself", () => {
  const { Statement: statements } = bucketPolicy("b");
  expect(statements.map(({ Principal, Resource }) => [Principal.AWS.join(), Resource])).toEqual([
    ["ultrathink-backup-writer", "arn:aws:s3:::b"],
    ["ultrathink-backup-writer", "arn:aws:s3:::b/*"],
    ["ultrathink-backup-restore", "arn:aws:s3:::b"],
    ["ultrathink-backup-restore", "arn:aws:s3:::b/*"],
  ]);
});
