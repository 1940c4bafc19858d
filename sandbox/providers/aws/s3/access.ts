import type { ObjectOwnership } from "@aws-sdk/client-s3";
import { bool, object, required, string } from "../../bridge/schema";
import { policy, spelled } from "../values";
import { part } from "./part";

const blocks = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"] as const;
const inApi = (key: string) => `${key[0]!.toUpperCase()}${key.slice(1)}` as "BlockPublicAcls";

/** `aws.s3.BucketPublicAccessBlock`. */
export const publicAccessBlock = part({
  schema: Object.fromEntries(blocks.map(key => [key, bool({ default: false })])),
  unimplemented: ["skipDestroy"],
  put: (client, Bucket, inputs) =>
    client.putPublicAccessBlock({ Bucket, PublicAccessBlockConfiguration: Object.fromEntries(blocks.map(key => [inApi(key), inputs[key]])) }),
  async get(client, Bucket) {
    const { PublicAccessBlockConfiguration: found = {} } = await client.getPublicAccessBlock({ Bucket });
    return Object.fromEntries(blocks.map(key => [key, found[inApi(key)] ?? false]));
  },
  clear: (client, Bucket) => client.deletePublicAccessBlock({ Bucket }),
});

const OWNERSHIPS = ["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"];

/** `aws.s3.BucketOwnershipControls`. */
export const ownershipControls = part({
  schema: {
    rule: object(
      { objectOwnership: string({ required: true, rule: { test: value => OWNERSHIPS.includes(value), says: OWNERSHIPS.join(" or ") } }) },
      required,
    ),
  },
  put: (client, Bucket, { rule }) =>
    client.putBucketOwnershipControls({ Bucket, OwnershipControls: { Rules: [{ ObjectOwnership: rule.objectOwnership as ObjectOwnership }] } }),
  async get(client, Bucket) {
    const { OwnershipControls } = await client.getBucketOwnershipControls({ Bucket });
    return { rule: { objectOwnership: OwnershipControls?.Rules?.[0]?.ObjectOwnership } };
  },
  clear: (client, Bucket) => client.deleteBucketOwnershipControls({ Bucket }),
});

/** `aws.s3.BucketPolicy`. */
export const bucketPolicy = part({
  schema: { policy: policy(required) },
  put: (client, Bucket, inputs) => client.putBucketPolicy({ Bucket, Policy: inputs.policy }),
  async get(client, Bucket, prior) {
    const { Policy } = await client.getBucketPolicy({ Bucket });
    return { policy: spelled(prior.policy, Policy) };
  },
  clear: (client, Bucket) => client.deleteBucketPolicy({ Bucket }),
});

/** `aws.s3.BucketLogging`. */
export const logging = part({
  schema: { targetBucket: string(required), targetPrefix: string(required) },
  unimplemented: ["targetGrants", "targetObjectKeyFormat"],
  put: (client, Bucket, { targetBucket, targetPrefix }) =>
    client.putBucketLogging({ Bucket, BucketLoggingStatus: { LoggingEnabled: { TargetBucket: targetBucket, TargetPrefix: targetPrefix } } }),
  async get(client, Bucket) {
    const { LoggingEnabled: found } = await client.getBucketLogging({ Bucket });
    return found && { targetBucket: found.TargetBucket, targetPrefix: found.TargetPrefix };
  },
  clear: (client, Bucket) => client.putBucketLogging({ Bucket, BucketLoggingStatus: {} }),
});
