import type { BucketLocationConstraint } from "@aws-sdk/client-s3";
import { bool, matches, replaces, string } from "../../bridge/schema";
import type { ResourceType } from "../../bridge/resource";
import type { Props } from "../../bridge/values";
import { orMissing, s3 } from "../clients";
import { fromTags, tags, toTags } from "../values";

async function observe(id: string, prior: Props) {
  const client = await s3();
  if (!(await orMissing(client.headBucket({ Bucket: id })))) return undefined;
  const [lock, tagging] = await Promise.all([
    orMissing(client.getObjectLockConfiguration({ Bucket: id })),
    orMissing(client.getBucketTagging({ Bucket: id })),
  ]);
  const state = {
    ...prior,
    bucket: id,
    arn: `arn:aws:s3:::${id}`,
    objectLockEnabled: lock?.ObjectLockConfiguration?.ObjectLockEnabled === "Enabled",
    tags: fromTags(tagging?.TagSet),
  };
  return { id, state };
}

/** `aws.s3.Bucket`. What else makes a bucket is a resource of its own; the properties for it are deprecated, and refused here. */
export const bucket: ResourceType = {
  schema: {
    bucket: string({
      required: true,
      ...replaces,
      ...matches(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "3 to 63 lower-case letters, digits, dots and dashes"),
    }),
    objectLockEnabled: bool({ ...replaces, computed: true }),
    forceDestroy: bool({ default: false }),
    tags,
  },
  unimplemented: [
    ...[
      "accelerationStatus",
      "acl",
      "bucketNamespace",
      "bucketPrefix",
      "corsRules",
      "grants",
      "lifecycleRules",
      "logging",
      "objectLockConfiguration",
    ],
    ...["policy", "region", "replicationConfiguration", "requestPayer", "serverSideEncryptionConfiguration", "versioning", "website"],
  ],
  async create(inputs) {
    const client = await s3();
    const region = await client.config.region();
    await client.createBucket({
      Bucket: inputs.bucket,
      ObjectLockEnabledForBucket: inputs.objectLockEnabled,
      // The oldest region is the one that may not be named.
      ...(region === "us-east-1" ? {} : { CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint } }),
    });
    await client.putBucketTagging({ Bucket: inputs.bucket, Tagging: { TagSet: toTags(inputs.tags) } });
    return (await observe(inputs.bucket, inputs))!;
  },
  read: observe,
  async update(id, state, inputs) {
    await (await s3()).putBucketTagging({ Bucket: id, Tagging: { TagSet: toTags(inputs.tags) } });
    return (await observe(id, { ...state, ...inputs }))!.state;
  },
  async remove(id, { forceDestroy }) {
    if (forceDestroy) throw new Error(`${id}: the sandbox's stand-in empties no bucket; leave forceDestroy out, or use the official plugin`);
    await orMissing((await s3()).deleteBucket({ Bucket: id }));
  },
};
