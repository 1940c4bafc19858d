import type { PolicyResource } from "@pulumi/policy";
import { resource } from "./support";

const NAME = "ultrathink-backups";
const tls = { Sid: "OnlyTls", Effect: "Deny", Principal: { AWS: "*" }, Action: "s3:*", Condition: { Bool: { "aws:SecureTransport": "false" } } };
const leftovers = {
  id: "leftovers",
  status: "Enabled",
  filter: { prefix: "" },
  noncurrentVersionExpiration: { noncurrentDays: 30 },
  abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
};
const expiring = (id: string, prefix: string, days: number) => ({ id, status: "Enabled", filter: { prefix }, expiration: { days } });

const parts: Record<string, object> = {
  Bucket: {},
  BucketPublicAccessBlock: { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
  BucketOwnershipControls: { rule: { objectOwnership: "BucketOwnerEnforced" } },
  BucketVersioning: { versioningConfiguration: { status: "Enabled" } },
  BucketServerSideEncryptionConfiguration: { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" } }] },
  BucketPolicy: { policy: JSON.stringify({ Statement: [tls] }) },
  BucketObjectLockConfiguration: { rule: { defaultRetention: { mode: "COMPLIANCE", days: 14 } } },
  BucketLifecycleConfiguration: { rules: [leftovers, expiring("dumps", "timescaledb-dump/daily/", 30)] },
  BucketLogging: { targetBucket: "logs", targetPrefix: "x/" },
};

/** A policy with a statement more. */
export const policyWith = (statement: object) => ({ policy: JSON.stringify({ Statement: [tls, statement] }) });
/** A lifecycle with a rule more. */
export const lifecycleWith = (rule: object) => ({ rules: [leftovers, { status: "Enabled", ...rule }] });

/**
 * The vault's locked bucket in AWS that no rule has anything against, with parts changed or, where undefined, left out.
 *
 * @param standing its name, and its stack
 */
export function bucket(changes: Record<string, object | undefined> = {}, { name = NAME, stack = "prod" } = {}): PolicyResource[] {
  return Object.entries({ ...parts, ...changes }).flatMap(([kind, props]) =>
    props === undefined
      ? []
      : [
          resource(
            `aws:s3/${kind[0]!.toLowerCase()}${kind.slice(1)}:${kind}`,
            { bucket: name, ...props },
            { name: "locked", stack, project: "ultrathink-vault" },
          ),
        ],
  );
}
