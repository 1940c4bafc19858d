import type { ResourceTypes } from "../bridge/resource";
import { role, rolePolicy } from "./iam";
import { alias, key } from "./kms";
import { bucketPolicy, logging, ownershipControls, publicAccessBlock } from "./s3/access";
import { bucket } from "./s3/bucket";
import { encryption, lifecycle, objectLock, versioning } from "./s3/content";

/** Stand in for the aws plugin 7.48.0. */
export const aws: ResourceTypes = {
  "aws:s3/bucket:Bucket": bucket,
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": lifecycle,
  "aws:s3/bucketLogging:BucketLogging": logging,
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": objectLock,
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ownershipControls,
  "aws:s3/bucketPolicy:BucketPolicy": bucketPolicy,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": publicAccessBlock,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": encryption,
  "aws:s3/bucketVersioning:BucketVersioning": versioning,
  "aws:kms/alias:Alias": alias,
  "aws:kms/key:Key": key,
  "aws:iam/role:Role": role,
  "aws:iam/rolePolicy:RolePolicy": rolePolicy,
};
