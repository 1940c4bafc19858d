import type { BucketVersioningStatus, LifecycleRule, ObjectLockRetentionMode, ServerSideEncryption } from "@aws-sdk/client-s3";
import { atLeast, bool, int, list, object, required, set, string } from "../../bridge/schema";
import type { Props } from "../../bridge/values";
import { part } from "./part";

const oneOf = (...values: string[]) => ({ rule: { test: (value: string) => values.includes(value), says: values.join(" or ") } });

/** `aws.s3.BucketVersioning`. It stays as it is when the resource goes, unless it can be suspended: under Object Lock S3 refuses that. */
export const versioning = part({
  schema: { versioningConfiguration: object({ status: string({ required: true, ...oneOf("Enabled", "Suspended", "Disabled") }) }, required) },
  unimplemented: ["mfa"],
  put: (client, Bucket, { versioningConfiguration }) =>
    client.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: versioningConfiguration.status as BucketVersioningStatus } }),
  async get(client, Bucket) {
    const { Status } = await client.getBucketVersioning({ Bucket });
    return Status && { versioningConfiguration: { status: Status } };
  },
  clear: (client, Bucket) => client.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: "Suspended" } }),
});

/** `aws.s3.BucketServerSideEncryptionConfiguration`. */
export const encryption = part({
  schema: {
    rules: set(
      object({
        applyServerSideEncryptionByDefault: object({
          sseAlgorithm: string({ required: true, ...oneOf("AES256", "aws:kms", "aws:kms:dsse") }),
          kmsMasterKeyId: string(),
        }),
        bucketKeyEnabled: bool(),
      }),
      required,
    ),
  },
  put: (client, Bucket, { rules }) =>
    client.putBucketEncryption({
      Bucket,
      ServerSideEncryptionConfiguration: {
        Rules: (rules as Props[]).map(({ applyServerSideEncryptionByDefault: chosen, bucketKeyEnabled }) => ({
          ApplyServerSideEncryptionByDefault: { SSEAlgorithm: chosen.sseAlgorithm as ServerSideEncryption, KMSMasterKeyID: chosen.kmsMasterKeyId },
          BucketKeyEnabled: bucketKeyEnabled,
        })),
      },
    }),
  async get(client, Bucket) {
    const { ServerSideEncryptionConfiguration: found } = await client.getBucketEncryption({ Bucket });
    return {
      rules: found?.Rules?.map(({ ApplyServerSideEncryptionByDefault: chosen, BucketKeyEnabled }) => ({
        applyServerSideEncryptionByDefault: { sseAlgorithm: chosen?.SSEAlgorithm, kmsMasterKeyId: chosen?.KMSMasterKeyID },
        bucketKeyEnabled: BucketKeyEnabled,
      })),
    };
  },
  clear: (client, Bucket) => client.deleteBucketEncryption({ Bucket }),
});

/** `aws.s3.BucketObjectLockConfiguration`, for a bucket that was made with Object Lock. */
export const objectLock = part({
  schema: {
    objectLockEnabled: string({ default: "Enabled", ...oneOf("Enabled") }),
    rule: object({
      defaultRetention: object({ mode: string({ required: true, ...oneOf("COMPLIANCE", "GOVERNANCE") }), days: int(atLeast(1)) }, required),
    }),
  },
  unimplemented: ["token"],
  put: (client, Bucket, { rule }) =>
    client.putObjectLockConfiguration({
      Bucket,
      ObjectLockConfiguration: {
        ObjectLockEnabled: "Enabled",
        Rule: rule && { DefaultRetention: { Mode: rule.defaultRetention.mode as ObjectLockRetentionMode, Days: rule.defaultRetention.days } },
      },
    }),
  async get(client, Bucket) {
    const { ObjectLockConfiguration } = await client.getObjectLockConfiguration({ Bucket });
    const found = ObjectLockConfiguration?.Rule?.DefaultRetention;
    return {
      objectLockEnabled: ObjectLockConfiguration?.ObjectLockEnabled,
      rule: found && { defaultRetention: { mode: found.Mode, days: found.Days } },
    };
  },
  clear: (client, Bucket) => client.putObjectLockConfiguration({ Bucket, ObjectLockConfiguration: { ObjectLockEnabled: "Enabled" } }),
});

const toRule = ({ id, status, filter, expiration, noncurrentVersionExpiration, abortIncompleteMultipartUpload }: Props): LifecycleRule => ({
  ID: id,
  Status: status,
  Filter: { Prefix: filter?.prefix ?? "" },
  Expiration: expiration && { Days: expiration.days, ExpiredObjectDeleteMarker: expiration.expiredObjectDeleteMarker },
  NoncurrentVersionExpiration: noncurrentVersionExpiration && { NoncurrentDays: noncurrentVersionExpiration.noncurrentDays },
  AbortIncompleteMultipartUpload: abortIncompleteMultipartUpload && { DaysAfterInitiation: abortIncompleteMultipartUpload.daysAfterInitiation },
});

const fromRule = ({ ID, Status, Filter, Expiration, NoncurrentVersionExpiration, AbortIncompleteMultipartUpload }: LifecycleRule): Props => ({
  id: ID,
  status: Status,
  filter: { prefix: Filter?.Prefix ?? "" },
  expiration: Expiration && { days: Expiration.Days, expiredObjectDeleteMarker: Expiration.ExpiredObjectDeleteMarker },
  noncurrentVersionExpiration: NoncurrentVersionExpiration && { noncurrentDays: NoncurrentVersionExpiration.NoncurrentDays },
  abortIncompleteMultipartUpload: AbortIncompleteMultipartUpload && { daysAfterInitiation: AbortIncompleteMultipartUpload.DaysAfterInitiation },
});

/** `aws.s3.BucketLifecycleConfiguration`. Transitions are not among what it knows: nothing of the stacks is archived. */
export const lifecycle = part({
  schema: {
    rules: list(
      object({
        id: string(required),
        status: string({ required: true, ...oneOf("Enabled", "Disabled") }),
        filter: object({ prefix: string() }),
        expiration: object({ days: int(atLeast(1)), expiredObjectDeleteMarker: bool() }),
        noncurrentVersionExpiration: object({ noncurrentDays: int({ required: true, ...atLeast(1) }) }),
        abortIncompleteMultipartUpload: object({ daysAfterInitiation: int({ required: true, ...atLeast(1) }) }),
      }),
      required,
    ),
  },
  unimplemented: ["timeouts", "transitionDefaultMinimumObjectSize"],
  put: (client, Bucket, { rules }) =>
    client.putBucketLifecycleConfiguration({ Bucket, LifecycleConfiguration: { Rules: (rules as Props[]).map(toRule) } }),
  async get(client, Bucket) {
    const { Rules } = await client.getBucketLifecycleConfiguration({ Bucket });
    return { rules: Rules?.map(fromRule) };
  },
  clear: (client, Bucket) => client.deleteBucketLifecycle({ Bucket }),
});
