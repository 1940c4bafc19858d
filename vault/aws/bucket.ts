import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Document } from "./documents";
import type { LifecycleRule } from "./lifecycle";

export interface VaultBucketArgs {
  /** Name of the bucket, the same in every stack. */
  bucket: string;
  policy: Document;
  lifecycle: LifecycleRule[];
  /** ARN of the key that encrypts what comes in. @default - S3's own, the only one that its access logs can be written with */
  key?: pulumi.Input<string>;
  /** Default retention of every version. `COMPLIANCE`: nobody shortens it, not even the account's root. @default - none */
  lock?: { mode: "COMPLIANCE" | "GOVERNANCE"; days: number };
  /** Bucket that keeps who asked for what. @default - it is not recorded */
  logs?: pulumi.Input<string>;
  tags: Record<string, string>;
}

/** A private bucket: versioned, encrypted, reached over TLS alone. Its options are those of each of its parts: losing one of them opens the whole. */
export class VaultBucket extends pulumi.ComponentResource {
  /** Known when everything that makes the bucket safe is there. */
  public readonly name: pulumi.Output<string>;

  constructor(name: string, args: VaultBucketArgs, opts: pulumi.CustomResourceOptions) {
    super("ultrathink:vault:VaultBucket", name, {}, { parent: opts.parent });
    const own = { ...opts, parent: this };
    const { bucket: made } = new aws.s3.Bucket(name, { bucket: args.bucket, objectLockEnabled: args.lock !== undefined, tags: args.tags }, own);
    const closed = new aws.s3.BucketPublicAccessBlock(
      name,
      { bucket: made, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      own,
    );
    const versioned = new aws.s3.BucketVersioning(name, { bucket: made, versioningConfiguration: { status: "Enabled" } }, own);
    const parts: pulumi.CustomResource[] = [
      closed,
      versioned,
      // No access list can name anybody.
      new aws.s3.BucketOwnershipControls(name, { bucket: made, rule: { objectOwnership: "BucketOwnerEnforced" } }, own),
      new aws.s3.BucketServerSideEncryptionConfiguration(
        name,
        {
          bucket: made,
          rules: [
            args.key
              ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: args.key }, bucketKeyEnabled: true }
              : { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
          ],
        },
        own,
      ),
      // S3 takes one change of a bucket's access at a time.
      new aws.s3.BucketPolicy(name, { bucket: made, policy: JSON.stringify(args.policy) }, { ...own, dependsOn: [closed] }),
      new aws.s3.BucketLifecycleConfiguration(name, { bucket: made, rules: args.lifecycle }, { ...own, dependsOn: [versioned] }),
    ];
    if (args.lock) {
      const rule = { defaultRetention: args.lock };
      parts.push(new aws.s3.BucketObjectLockConfiguration(name, { bucket: made, rule }, { ...own, dependsOn: [versioned] }));
    }
    if (args.logs) parts.push(new aws.s3.BucketLogging(name, { bucket: made, targetBucket: args.logs, targetPrefix: `${args.bucket}/` }, own));
    this.name = pulumi.all([made, ...parts.map(({ id }) => id)]).apply(([itsName]) => itsName!);
    this.registerOutputs({});
  }
}
