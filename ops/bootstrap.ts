import type { BucketLocationConstraint, S3 } from "@aws-sdk/client-s3";
import { CommandFailure } from "./exit";

/** Where a stack's state is to lie in AWS. */
export interface StateStore {
  account: string;
  bucket: { name: string; region: string };
  /** `alias` with its prefix `alias/`. */
  key: { alias: string; region: string };
}

/** How long a state that was replaced can be called back, and how long the parts of an upload stay that was cut off. */
const NONCURRENT_DAYS = 90;
const INCOMPLETE_DAYS = 7;

/** Who is asked belongs to the account that the stack's config names; otherwise nothing is made. */
async function checkAccount({ account, bucket }: StateStore): Promise<void> {
  const { STS } = await import("@aws-sdk/client-sts");
  const { Account, Arn } = await new STS({ region: bucket.region }).getCallerIdentity();
  if (Account !== account) {
    throw new CommandFailure(
      "usage",
      `aws.account is ${account}, and these credentials are of ${Account} (${Arn}); nothing was made. Use the account's own, with AWS_PROFILE for one, or mend aws in the stack's file.`,
    );
  }
}

/** The key's ARN; made when no key has the alias. Who may use a key that is there is not touched. */
async function bringKey({ account, key }: StateStore, log: (line: string) => void): Promise<string> {
  const { KMS } = await import("@aws-sdk/client-kms");
  const kms = new KMS({ region: key.region });
  const found = (await orMissing(kms.describeKey({ KeyId: key.alias })))?.KeyMetadata;
  log(`Key ${key.alias} ${found ? "is there" : "is made"}`);
  const made =
    found ??
    (await kms.createKey({ Description: "Encrypts the secrets of Pulumi's state", Policy: JSON.stringify(keyPolicy(account)) })).KeyMetadata!;
  if (!found) await kms.createAlias({ AliasName: key.alias, TargetKeyId: made.KeyId });
  await kms.enableKeyRotation({ KeyId: made.KeyId });
  return made.Arn!;
}

/** Without the key no state can be read, so nobody can have it deleted before this policy is changed. */
const keyPolicy = (account: string) => ({
  Version: "2012-10-17",
  Statement: [
    { Sid: "Administrators", Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: "kms:*", Resource: "*" },
    { Sid: "NobodyDestroysIt", Effect: "Deny", Principal: { AWS: "*" }, Action: ["kms:ScheduleKeyDeletion", "kms:DisableKey"], Resource: "*" },
  ],
});

const bucketPolicy = (name: string) => ({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "OnlyTls",
      Effect: "Deny",
      Principal: { AWS: "*" },
      Action: "s3:*",
      Resource: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ],
});

async function makeBucket(s3: S3, { account, bucket }: StateStore, log: (line: string) => void): Promise<void> {
  const { name, region } = bucket;
  const found = await orMissing(s3.headBucket({ Bucket: name, ExpectedBucketOwner: account })).catch((error: Error) => {
    if (error.name !== "403" && error.name !== "Forbidden" && error.name !== "AccessDenied") throw error;
    throw new CommandFailure(
      "usage",
      `stateUrl: the bucket ${name} is there and not ${account}'s, or closed to these credentials; choose another name.`,
    );
  });
  log(`Bucket ${name} ${found ? "is there" : "is made"}`);
  if (found) return;
  // The oldest region is the one that may not be named.
  const CreateBucketConfiguration = region === "us-east-1" ? undefined : { LocationConstraint: region as BucketLocationConstraint };
  await s3.createBucket({ Bucket: name, CreateBucketConfiguration });
}

/** Private, over TLS alone, encrypted with the key, and every state that was ever written can be called back for a while. */
async function closeBucket(s3: S3, { account, bucket }: StateStore, keyArn: string): Promise<void> {
  const which = { Bucket: bucket.name, ExpectedBucketOwner: account };
  await s3.putPublicAccessBlock({
    ...which,
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
  });
  await s3.putBucketOwnershipControls({ ...which, OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] } });
  await s3.putBucketPolicy({ ...which, Policy: JSON.stringify(bucketPolicy(bucket.name)) });
  await s3.putBucketEncryption({
    ...which,
    ServerSideEncryptionConfiguration: {
      Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: keyArn }, BucketKeyEnabled: true }],
    },
  });
  await s3.putBucketVersioning({ ...which, VersioningConfiguration: { Status: "Enabled" } });
  await s3.putBucketLifecycleConfiguration({
    ...which,
    LifecycleConfiguration: {
      Rules: [
        {
          ID: "old-states",
          Status: "Enabled",
          Filter: { Prefix: "" },
          NoncurrentVersionExpiration: { NoncurrentDays: NONCURRENT_DAYS },
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: INCOMPLETE_DAYS },
          Expiration: { ExpiredObjectDeleteMarker: true },
        },
      ],
    },
  });
}

/**
 * Makes bucket and key, or brings them to what they should be. It has no state of its own, which could lie nowhere yet: it looks at what is there, and
 * an interrupted run is finished by the next.
 */
export async function bringStateStore(store: StateStore, log: (line: string) => void): Promise<void> {
  try {
    await checkAccount(store);
    const keyArn = await bringKey(store, log);
    const { S3 } = await import("@aws-sdk/client-s3");
    // A bucket's name may hold dots, which no certificate of S3's covers.
    const s3 = new S3({ region: store.bucket.region, forcePathStyle: true });
    await makeBucket(s3, store, log);
    await closeBucket(s3, store, keyArn);
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    const { name, message } = error as Error;
    if (name === "CredentialsProviderError") {
      throw new CommandFailure("prerequisites", `AWS was given no credentials (${message}); log in, with aws sso login and AWS_PROFILE for one.`);
    }
    throw new CommandFailure("failed", `AWS refused: ${name}: ${message}\nRunning the command again goes on from here.`);
  }
}

/** The answer, or undefined where AWS says that there is no such thing. */
async function orMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (/^(NotFound|NoSuchBucket)/.test((error as Error).name)) return undefined;
    throw error;
  }
}
