import type { ExternalSystem, System } from "../../systems/declaration";

/** Where in AWS a system's vault lies. */
export interface AwsPlace {
  /** Number of the account, 12 digits. */
  account: string;
  /** Region of its buckets and key, such as us-east-1. */
  region: string;
}

export type IdentityName = "writer" | "restore";

/** What an identity of the vault is called wherever it lies: on Docker the access key, in AWS the role. */
export const identityName = (system: System, who: IdentityName) => `${system.name}-backup-${who}`;

export const roleArn = (system: System, { account }: Pick<AwsPlace, "account">, who: IdentityName) =>
  `arn:aws:iam::${account}:role/${identityName(system, who)}`;

/** Service account whose pods write to the vault: the database's, which archives its WAL there and has the sidecar beside it. */
export const writerAccount = (system: System) => system.database?.service ?? system.backups!.service;

/** The system with its backups in S3, as a role that a pod's token is changed for; as it is when it has no backups, or no place for them there. */
export function inAws(system: System, place: AwsPlace | undefined): System {
  const { backups, external, services } = system;
  if (!backups || !place) return system;
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
    backups: { ...backups, vault: { ...backups.vault, region: place.region } },
  };
}
