import { type BackupsDeclaration, DeclarationError, type ExternalSystem, type System } from "../../systems/declaration";

/** Where in AWS a system's vault lies. */
export interface AwsPlace {
  /** Number of the account, 12 digits. */
  account: string;
  /** Region of its buckets and key, such as us-east-1. */
  region: string;
}

type Buckets = BackupsDeclaration["vault"]["buckets"];

export type IdentityName = "writer" | "restore";

/** What an identity of the vault is called wherever it lies: on Docker the access key, in AWS the role. */
export const identityName = (system: System, who: IdentityName) => `${system.name}-backup-${who}`;

export const roleArn = (system: System, { account }: Pick<AwsPlace, "account">, who: IdentityName) =>
  `arn:aws:iam::${account}:role/${identityName(system, who)}`;

/** Service account whose pods write to the vault: the database's, which archives its WAL there and has the sidecar beside it. */
export const writerAccount = (system: System) => system.database?.service ?? system.backups!.service;

/** The stack whose buckets in S3 have the declared names, which are the runbook's. */
const PRODUCTION = "prod";

/** Name of the bucket that keeps who asked the locked one for what. */
export const logBucket = (locked: string) => `${locked}-access-logs`;

/**
 * Names of a stack's buckets in S3. All accounts of the world share its names, so that those of another stack than production end in the stack's own.
 *
 * @throws DeclarationError for a stack with whose name S3 would take none (the longest, that of the access logs, has 63 letters then), or which would
 * give a bucket the name of another stack's
 */
function bucketsInAws({ name: system }: System, { locked, unlocked }: Buckets, stack: string): Buckets {
  if (stack === PRODUCTION) return { locked, unlocked };
  const buckets = { locked: `${locked}-${stack}`, unlocked: `${unlocked}-${stack}` };
  const refuse = (allowed: string) =>
    new DeclarationError(system, [`stack: "${stack}" is not allowed in AWS, whose buckets are called after it; use ${allowed}`]);
  if (!/^[a-z0-9-]{0,31}[a-z0-9]$/.test(stack)) throw refuse("at most 32 lower-case letters, digits and dashes, a letter or digit at the end");
  if (`${buckets.locked}-`.startsWith(`${unlocked}-`) || buckets.locked.endsWith(logBucket(""))) {
    throw refuse(`another one, since a bucket called ${buckets.locked} is another stack's`);
  }
  return buckets;
}

/**
 * The system with a stack's backups in S3, as a role that a pod's token is changed for; as it is when it has no backups, or no place for them there.
 *
 * @throws DeclarationError for a stack whose name cannot be part of a bucket's
 */
export function inAws(system: System, place: AwsPlace | undefined, stack: string): System {
  const { backups, external, services } = system;
  if (!backups || !place) return system;
  const buckets = bucketsInAws(system, backups.vault.buckets, stack);
  const vault = backups.vault.external;
  const s3: ExternalSystem = {
    host: `s3.${place.region}.amazonaws.com`,
    port: 443,
    purpose: external[vault]!.purpose,
    awsRole: roleArn(system, place, "writer"),
  };
  // pgBackRest asks the global endpoint, boto3 the region's.
  const sts: ExternalSystem = { host: "sts.amazonaws.com", port: 443, purpose: "changes a pod's token for the credentials of its AWS role" };
  return {
    ...system,
    external: { ...external, [vault]: s3, sts },
    services: Object.fromEntries(
      Object.entries(services).map(([name, row]) => [name, row.external?.includes(vault) ? { ...row, external: [...row.external, "sts"] } : row]),
    ),
    backups: { ...backups, vault: { ...backups.vault, region: place.region, buckets } },
  };
}
