import type { PolicyResource, StackValidationArgs } from "@pulumi/policy";
import { booksOf, stackOf } from "./parts";
import { known, isGiven } from "./rule";

/** Type tokens of the AWS provider. */
const s3 = (kind: string) => `aws:s3/${kind[0]!.toLowerCase()}${kind.slice(1)}:${kind}`;
export const BUCKET = s3("Bucket");
export const KEY = "aws:kms/key:Key";
export const ROLE = "aws:iam/role:Role";
export const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";

export interface Statement {
  Sid?: string;
  Effect?: string;
  Principal?: unknown;
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
  Condition?: Record<string, Record<string, unknown>>;
}

/** Statements of a policy document; `undefined` where a preview does not know it. */
export function statements(document: unknown): Statement[] | undefined {
  const text = known(() => document as string | undefined);
  if (text === undefined) return undefined;
  try {
    return [(JSON.parse(text) as { Statement?: Statement | Statement[] }).Statement ?? []].flat();
  } catch {
    return [];
  }
}

/** What would let an identity destroy a backup before its time, or open the way to it. A pattern may stand for any of it. */
export const DESTRUCTIVE =
  /[*?]|^s3:(DeleteObjectVersion|PutObjectRetention|PutObjectLegalHold|BypassGovernanceRetention|DeleteBucket\w*|PutBucket\w*|PutLifecycleConfiguration)$/i;

/** Actions that a statement allows. */
export const allowed = ({ Effect, Action, NotAction }: Statement): string[] =>
  Effect === "Allow" ? (NotAction === undefined ? [Action ?? []].flat() : ["*"]) : [];

/** An identity that is not named is everybody. */
export const isAnybody = (principal: unknown): boolean =>
  !principal || Object.values(principal).flat().length === 0 || JSON.stringify(principal).includes('"*"');

interface Retention {
  mode?: string;
  days?: number;
}

/** A rule of a bucket's lifecycle. */
export interface LifecycleRule {
  id?: string;
  status?: string;
  filter?: { prefix?: string };
  prefix?: string;
  expiration?: { days?: number };
  noncurrentVersionExpiration?: { noncurrentDays?: number };
  abortIncompleteMultipartUpload?: { daysAfterInitiation?: number };
  transitions?: object[];
  noncurrentVersionTransitions?: object[];
}

/** The stack whose buckets in S3 have the books' names. */
const PRODUCTION = "prod";

/** Name in S3 of a book's bucket: all accounts of the world share its names, so that another stack's end in the stack's own. */
export function nameInS3({ resources }: Pick<StackValidationArgs, "resources">, bucket: string): string {
  const stack = stackOf(resources[0]!.urn);
  return stack === PRODUCTION ? bucket : `${bucket}-${stack}`;
}

/** Whether a server is S3 itself, by its address. */
export const isS3 = (endpoint: string | undefined): boolean => endpoint?.endsWith(".amazonaws.com") ?? false;

/** Name of a book's bucket on a server. */
export const bucketAt = (endpoint: string | undefined, args: Pick<StackValidationArgs, "resources">, bucket: string): string =>
  isS3(endpoint) ? nameInS3(args, bucket) : bucket;

/** Names in S3 of the buckets that a stack's books have. */
export const bookBuckets = (args: Pick<StackValidationArgs, "resources">): string[] =>
  booksOf(args).flatMap(({ buckets }) => Object.keys(buckets ?? {}).map(name => nameInS3(args, name)));

/** A bucket with everything that other resources say of it. */
export interface AwsBucket {
  name: string;
  resource: PolicyResource;
  blocksPublic: boolean;
  ownerEnforced: boolean;
  versioning: boolean;
  encryption?: string;
  lock?: Retention;
  statements: Statement[];
  lifecycle?: LifecycleRule[];
  logged: boolean;
}

/** The buckets of a stack, put together. */
export function bucketsIn(resources: PolicyResource[]): AwsBucket[] {
  return resources
    .filter(({ type }) => type === BUCKET)
    .map(resource => {
      const name = known<string | undefined>(() => resource.props["bucket"]) ?? resource.name;
      const of = (kind: string) => resources.find(({ type, props }) => type === s3(kind) && known(() => props["bucket"] as string) === name)?.props;
      const block = of("BucketPublicAccessBlock");
      return {
        name,
        resource,
        blocksPublic: ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"].every(key => block?.[key] === true),
        ownerEnforced: of("BucketOwnershipControls")?.["rule"]?.objectOwnership === "BucketOwnerEnforced",
        versioning: of("BucketVersioning")?.["versioningConfiguration"]?.status === "Enabled",
        encryption: of("BucketServerSideEncryptionConfiguration")?.["rules"]?.[0]?.applyServerSideEncryptionByDefault?.sseAlgorithm as
          string | undefined,
        lock: of("BucketObjectLockConfiguration")?.["rule"]?.defaultRetention as Retention | undefined,
        statements: statements(of("BucketPolicy")?.["policy"]) ?? [],
        lifecycle: of("BucketLifecycleConfiguration")?.["rules"] as LifecycleRule[] | undefined,
        logged: isGiven(() => of("BucketLogging")?.["targetBucket"]),
      };
    });
}
