import type { IdentityName } from "../components/backup/aws";

/** What an identity may do, in S3's own action names: with the bucket itself, and with what lies in it. Anything else is refused. */
interface Permissions {
  bucket: readonly string[];
  objects: readonly string[];
}

/** Access key of each identity; its secret key is generated. */
export const accessKeys: Record<IdentityName, string> = { writer: "ultrathink-backup-writer", restore: "ultrathink-backup-restore" };

/**
 * The writer adds objects and hides them behind delete markers, which pgBackRest's expiry and the retention need; it deletes no version, touches no
 * lock and no policy, so that whoever has its key cannot destroy a backup. The restore identity reads every version and writes nothing.
 */
export const permissions: Record<IdentityName, Permissions> = {
  writer: {
    bucket: ["s3:ListBucket", "s3:GetBucketLocation", "s3:GetBucketVersioning"],
    objects: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
  },
  restore: {
    bucket: ["s3:ListBucket", "s3:ListBucketVersions", "s3:GetBucketLocation"],
    objects: ["s3:GetObject", "s3:GetObjectVersion"],
  },
};

interface Statement {
  Sid: string;
  Effect: "Allow";
  Principal: { AWS: string[] };
  Action: string[];
  Resource: string;
}

export interface PolicyDocument {
  Version: "2012-10-17";
  Statement: Statement[];
}

/** A bucket's policy: nobody but the identities, and they no more than their permissions. */
export function bucketPolicy(bucket: string): PolicyDocument {
  const statements = (Object.keys(permissions) as IdentityName[]).flatMap((name): Statement[] => {
    const allow = { Effect: "Allow" as const, Principal: { AWS: [accessKeys[name]] } };
    return [
      { Sid: `${name}Bucket`, ...allow, Action: [...permissions[name].bucket], Resource: `arn:aws:s3:::${bucket}` },
      { Sid: `${name}Objects`, ...allow, Action: [...permissions[name].objects], Resource: `arn:aws:s3:::${bucket}/*` },
    ];
  });
  return { Version: "2012-10-17", Statement: statements };
}
