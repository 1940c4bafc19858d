import type { FileMount } from "../spec";
import { POSTGRES_DATA, POSTGRES_SOCKET } from "../timescaledb/paths";
import { STANZA, type BackupPlan } from "./plan";

/** Who somebody is to the vault. */
export interface VaultIdentity {
  accessKey: string;
  secretKey: string;
}

/** What it takes to use the vault as one identity. All of it is secret but the authority. */
export interface VaultAccess {
  /** Absent where a role of the pod is the identity. */
  keys?: {
    /** PEM of the authority that signed the vault's certificate. */
    authority: string;
    identity: VaultIdentity;
  };
  /** Encrypts pgBackRest's repository. */
  cipherPassphrase: string;
  /** Key of the manifests' HMAC. */
  manifestKey: string;
}

/** A file whose text depends on who uses the vault. */
export interface AccessFile {
  path: string;
  /** `secret`: mode 0400, owned by the container's user. */
  kind: "secret" | "certificate";
  content(access: VaultAccess): string;
}

const AUTHORITY = "/etc/ssl/ultrathink/vault-ca.crt";

/** Whom to trust when talking to the vault. */
export const vaultAuthority: AccessFile = { path: AUTHORITY, kind: "certificate", content: ({ keys }) => keys!.authority };

/** Credentials of the identity in use, in the form of AWS' shared credentials file. */
export const vaultCredentials: AccessFile = {
  path: "/run/secrets/vault-credentials",
  kind: "secret",
  content: ({ keys }) => `[default]\naws_access_key_id = ${keys!.identity.accessKey}\naws_secret_access_key = ${keys!.identity.secretKey}\n`,
};

export const vaultManifestKey: AccessFile = { path: "/run/secrets/vault-manifest-key", kind: "secret", content: ({ manifestKey }) => manifestKey };

/** The secret half of pgBackRest's configuration; it reads every file of this folder. */
export const pgbackrestSecrets: AccessFile = {
  path: "/etc/pgbackrest/conf.d/vault.conf",
  kind: "secret",
  content: ({ keys, cipherPassphrase }) =>
    [
      "[global]",
      ...(keys ? [`repo1-s3-key=${keys.identity.accessKey}`, `repo1-s3-key-secret=${keys.identity.secretKey}`] : []),
      `repo1-cipher-pass=${cipherPassphrase}`,
      "",
    ].join("\n"),
};

type Vault = Pick<BackupPlan, "vault">;

/** S3's own certificate is signed by an authority that every machine trusts, and a pod's role takes no keys. */
const withKeys = ({ vault }: Vault, files: AccessFile[]) => (vault.identity === "keys" ? files : []);

/** What a server that archives its WAL needs beside {@link pgbackrestConfig}. */
export const archiverFiles = (plan: Vault): AccessFile[] => [...withKeys(plan, [vaultAuthority]), pgbackrestSecrets];

/** What the sidecar and every container that restores need beside {@link planFiles}. */
export const accessFiles = (plan: Vault): AccessFile[] => [...archiverFiles(plan), ...withKeys(plan, [vaultCredentials]), vaultManifestKey];

/** pgBackRest's configuration without its secrets. */
export function pgbackrestConfig(plan: BackupPlan): FileMount & { content: string } {
  const { vault, database } = plan;
  const endpoint = new URL(vault.endpoint);
  return {
    path: "/etc/pgbackrest/pgbackrest.conf",
    kind: "pgbackrest",
    content: [
      "[global]",
      "repo1-type=s3",
      `repo1-s3-endpoint=${endpoint.hostname}`,
      `repo1-storage-port=${endpoint.port || "443"}`,
      ...(vault.identity === "keys" ? [`repo1-storage-ca-file=${AUTHORITY}`] : ["repo1-s3-key-type=web-id"]),
      `repo1-s3-bucket=${vault.bucket}`,
      `repo1-s3-region=${vault.region}`,
      "repo1-s3-uri-style=path",
      "repo1-path=/pgbackrest",
      "repo1-cipher-type=aes-256-cbc",
      "repo1-bundle=y",
      "repo1-retention-full-type=time",
      `repo1-retention-full=${fullsKeptDays(plan)}`,
      "compress-type=zst",
      "process-max=2",
      "start-fast=y",
      "log-level-console=warn",
      "log-level-file=off",
      "",
      `[${STANZA}]`,
      `pg1-path=${POSTGRES_DATA}`,
      `pg1-socket-path=${POSTGRES_SOCKET}`,
      `pg1-user=${database!.user}`,
      "",
    ].join("\n"),
  };
}

/** The table's retention of the physical job: pgBackRest expires by itself, with each backup. */
function fullsKeptDays({ jobs }: BackupPlan): number {
  const job = jobs.find(({ kind }) => kind === "postgres-physical");
  if (!job || !("all" in job.keep)) throw new Error("backups.jobs: pgBackRest needs a job of kind postgres-physical that keeps { all: <days> }");
  return job.keep.all / 86_400;
}

/** The plain files of the sidecar and of every container that restores. */
export function planFiles(plan: BackupPlan): (FileMount & { content: string })[] {
  return [
    { path: "/etc/ultrathink/backup.json", kind: "backup-plan", content: `${JSON.stringify(plan, null, 2)}\n` },
    ...(plan.database ? [pgbackrestConfig(plan)] : []),
  ];
}

/** The sidecar's crontab: every job, the restore test, the deletion of what is no longer kept. */
export function backupCrontab({ jobs, restoreTest, expire }: BackupPlan): string {
  return [
    ...jobs.map(({ name, schedule }) => `${schedule} backup run ${name}`),
    `${restoreTest.schedule} backup restore-test`,
    `${expire.schedule} backup expire`,
    "",
  ].join("\n");
}

/** What a container of the backup image needs to restore from the vault as one of its identities; `secret` files have mode 0400. */
export function restoreFiles(plan: BackupPlan, access: VaultAccess): { path: string; content: string; secret: boolean }[] {
  return [
    ...planFiles(plan).map(({ path, content }) => ({ path, content, secret: false })),
    ...accessFiles(plan).map(({ path, kind, content }) => ({ path, content: content(access), secret: kind === "secret" })),
  ];
}
