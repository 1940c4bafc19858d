import { identityName, logBucket, roleArn, writerAccount, type AwsPlace, type IdentityName } from "../../components/backup/aws";
import type { System } from "../../systems/declaration";
import { permissions } from "../identities";

/** Where a vault lies, and whom the roles trust. */
export interface VaultPlace extends AwsPlace {
  system: System;
  /** ARN of the cluster's OpenID Connect provider, whose tokens AWS changes for a role's credentials. */
  oidcProvider: string;
  /** Whether it may be deleted: its key too, then. */
  disposable: boolean;
}

export interface Statement {
  Sid: string;
  Effect: "Allow" | "Deny";
  /** Absent in a role's own policy: the role. */
  Principal?: { AWS: string } | { Service: string } | { Federated: string };
  Action?: string | string[];
  NotAction?: string[];
  /** Absent in a trust policy: the role. */
  Resource?: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

export interface Document {
  Version: "2012-10-17";
  Statement: Statement[];
}

export type BucketName = "locked" | "unlocked" | "logs";

export const identities: IdentityName[] = ["writer", "restore"];

/** Whoever asks, with credentials or without. */
const ANYBODY = { AWS: "*" };

const document = (Statement: Statement[]): Document => ({ Version: "2012-10-17", Statement });

/** Names of the declared buckets, and of the one that keeps who asked them for what. */
export function bucketNames({ system }: Pick<VaultPlace, "system">): Record<BucketName, string> {
  const { locked, unlocked } = system.backups!.vault.buckets;
  return { locked, unlocked, logs: logBucket(locked) };
}

const bucketArn = (name: string) => `arn:aws:s3:::${name}`;

/** Name of the key. */
export const keyAlias = ({ system }: Pick<VaultPlace, "system">) => `alias/${system.name}-vault`;

/** Service account whose pods may take a role. No pod of the stack has that of `restore`: whoever restores makes one. */
const accounts: Record<IdentityName, (system: System) => string> = { writer: writerAccount, restore: () => "restore" };

/** Who may become a role: pods of one service account of the system's namespace, by a token that the cluster made for AWS alone. */
export function trustPolicy({ system, oidcProvider }: VaultPlace, who: IdentityName): Document {
  const issuer = oidcProvider.split(":oidc-provider/")[1]!;
  return document([
    {
      Sid: "Pods",
      Effect: "Allow",
      Principal: { Federated: oidcProvider },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: {
        StringEquals: {
          [`${issuer}:aud`]: "sts.amazonaws.com",
          [`${issuer}:sub`]: `system:serviceaccount:${system.namespace}:${accounts[who](system)}`,
        },
      },
    },
  ]);
}

/** What a role may do, with both buckets alike. Its way to the key is the key's own policy. */
export function rolePolicy(place: VaultPlace, who: IdentityName): Document {
  const { locked, unlocked } = bucketNames(place);
  const buckets = [locked, unlocked].map(bucketArn);
  return document([
    { Sid: "Buckets", Effect: "Allow", Action: [...permissions[who].bucket], Resource: buckets },
    { Sid: "Objects", Effect: "Allow", Action: [...permissions[who].objects], Resource: buckets.map(arn => `${arn}/*`) },
  ]);
}

/** Over TLS 1.2 or newer, whoever asks. */
function encryptedTransport(name: string): Statement[] {
  const everything = { Effect: "Deny" as const, Principal: ANYBODY, Action: "s3:*", Resource: [bucketArn(name), `${bucketArn(name)}/*`] };
  return [
    { Sid: "OnlyTls", ...everything, Condition: { Bool: { "aws:SecureTransport": "false" } } },
    { Sid: "OnlyTls12", ...everything, Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
  ];
}

/**
 * A bucket's policy. It allows nothing: that is the roles' own policies. It holds whatever somebody attaches to a role later: no identity of the vault
 * ever does more than its permissions.
 */
export function bucketPolicy(place: VaultPlace, name: string): Document {
  return document([
    ...encryptedTransport(name),
    {
      Sid: "OnlyTheKey",
      Effect: "Deny",
      Principal: ANYBODY,
      Action: "s3:PutObject",
      Resource: `${bucketArn(name)}/*`,
      // Who names no encryption gets the bucket's.
      Condition: { Null: { "s3:x-amz-server-side-encryption": "false" }, StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" } },
    },
    ...identities.map((who): Statement => ({
      Sid: `${who === "writer" ? "Writer" : "Restore"}NothingElse`,
      Effect: "Deny",
      Principal: ANYBODY,
      NotAction: [...permissions[who].bucket, ...permissions[who].objects],
      Resource: [bucketArn(name), `${bucketArn(name)}/*`],
      Condition: { ArnEquals: { "aws:PrincipalArn": roleArn(place.system, place, who) } },
    })),
  ]);
}

/** S3 itself writes the access logs, those of the vault's buckets and of no others. */
export function logBucketPolicy(place: VaultPlace): Document {
  const { locked, unlocked, logs } = bucketNames(place);
  return document([
    ...encryptedTransport(logs),
    {
      Sid: "AccessLogs",
      Effect: "Allow",
      Principal: { Service: "logging.s3.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: `${bucketArn(logs)}/*`,
      Condition: {
        ArnLike: { "aws:SourceArn": [locked, unlocked].map(bucketArn) },
        StringEquals: { "aws:SourceAccount": place.account },
      },
    },
  ]);
}

/** What each identity needs of the key: uploads in parts are read again by S3. */
const keyActions: Record<IdentityName, string[]> = { writer: ["kms:GenerateDataKey", "kms:Decrypt"], restore: ["kms:Decrypt"] };

/**
 * The key's policy. The account's administrators keep it by their own policies; the roles use it through S3 alone. Without it every backup is lost, so
 * nobody can have it deleted before this policy is changed, unless the vault is disposable.
 */
export function keyPolicy(place: VaultPlace): Document {
  const { system, account, region, disposable } = place;
  return document([
    { Sid: "Administrators", Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: "kms:*", Resource: "*" },
    ...(disposable
      ? []
      : [
          {
            Sid: "NobodyDestroysIt",
            Effect: "Deny" as const,
            Principal: ANYBODY,
            Action: ["kms:ScheduleKeyDeletion", "kms:DisableKey"],
            Resource: "*",
          },
        ]),
    ...identities.map((who): Statement => ({
      Sid: who === "writer" ? "Writer" : "Restore",
      Effect: "Allow",
      Principal: { AWS: roleArn(system, place, who) },
      Action: keyActions[who],
      Resource: "*",
      Condition: { StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` } },
    })),
  ]);
}

/** Every document of a vault, by the name of a file. */
export function documents(place: VaultPlace): Record<string, Document> {
  const names = bucketNames(place);
  return {
    ...Object.fromEntries(
      identities.flatMap(who => {
        const role = identityName(place.system, who);
        return [
          [`${role}.trust.json`, trustPolicy(place, who)],
          [`${role}.policy.json`, rolePolicy(place, who)],
        ];
      }),
    ),
    ...Object.fromEntries([names.locked, names.unlocked].map(name => [`${name}.bucket-policy.json`, bucketPolicy(place, name)])),
    [`${names.logs}.bucket-policy.json`]: logBucketPolicy(place),
    [`${keyAlias(place).replace("alias/", "")}.key-policy.json`]: keyPolicy(place),
  };
}
