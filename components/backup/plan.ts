import { seconds, type BackupJob, type ComparedTable, type Retention, type System } from "../../systems/declaration";
import { AUTHORITY } from "../authority";
import { bootstrapServers, CLIENT, CLIENT_PASSWORD_FILE } from "../kafka/client";
import { REDIS_PORT } from "../redis/redis";
import { objectStoreUrl } from "../object-store";
import { row } from "../resources";
import { POSTGRES_DATA, POSTGRES_SOCKET } from "../timescaledb/paths";

/** Name of the database among pgBackRest's, in its own words. */
export const STANZA = "ultrathink";
/** Where the sidecar finds what it needs of the stack's own servers. */
export const sourceFiles = {
  redisPassword: "/run/secrets/redis-queue-password",
  objectStoreCredentials: "/run/secrets/object-store-credentials",
} as const;

/** How long backups are kept, in seconds: all of them alike, or the newest of each day, week and month. */
export type PlannedRetention = { all: number } | { daily: number; weekly?: number; monthly?: number };

/**
 * What is backed up, from where and how: the text of backup.json, which the program of the `backup` image reads. It holds no secret. Parts that a
 * stack does without are absent, and so are their jobs.
 */
export interface BackupPlan {
  version: 1;
  system: string;
  vault: {
    endpoint: string;
    region: string;
    bucket: string;
    unlockedBucket: string;
    /** How its user proves who it is: with the keys of a file, or with the token of its pod, which AWS changes for a role's credentials. */
    identity: "keys" | "web-identity";
  };
  database?: {
    service: string;
    /** Folder of the server's socket, where its superuser is trusted. */
    socket: string;
    user: string;
    database: string;
    stanza: string;
    pgdata: string;
    /** Tables that a manifest counts. With `time`, rows before a backup's start are compared by digest too. */
    tables: ComparedTable[];
  };
  redis?: { service: string; host: string; port: number; passwordFile: string };
  objectStore?: { service: string; endpoint: string; bucket: string; credentialsFile: string; caFile: string };
  mlflow?: { url: string };
  kafka?: { bootstrapServers: string; sasl?: { username: string; passwordFile: string; caFile: string } };
  jobs: PlannedBackup[];
  restoreTest: { schedule: string };
  expire: { schedule: string };
}

/** One backup job; `name` is that of its objects and manifests in the vault. */
export interface PlannedBackup extends Pick<BackupJob, "name" | "kind" | "schedule" | "bucket"> {
  maxAgeSeconds: number;
  keep: PlannedRetention;
}

/** Address of a system's vault, as its stack reaches it. */
export function vaultEndpoint(system: System): string {
  const { host, port } = system.external[system.backups!.vault.external]!;
  // The port that https has by itself is no part of an address' one spelling.
  return new URL(`https://${host}:${port}`).origin;
}

function keep(retention: Retention): PlannedRetention {
  return Object.fromEntries(Object.entries(retention).map(([what, duration]) => [what, seconds(duration)])) as unknown as PlannedRetention;
}

/** What a system's backups consist of; undefined for one that has none. */
export function backupPlan(system: System): BackupPlan | undefined {
  const { backups, database, objectStore, mlflow, kafka } = system;
  if (!backups) return undefined;
  const { region, buckets, external } = backups.vault;
  const queue = backups.jobs.find(({ kind }) => kind === "redis-rdb")?.of;
  return {
    version: 1,
    system: system.name,
    vault: {
      endpoint: vaultEndpoint(system),
      region,
      bucket: buckets.locked,
      unlockedBucket: buckets.unlocked,
      identity: system.external[external]!.awsRole ? "web-identity" : "keys",
    },
    database: database && {
      service: database.service,
      socket: POSTGRES_SOCKET,
      user: database.superuser,
      database: database.database,
      stanza: STANZA,
      pgdata: POSTGRES_DATA,
      tables: backups.tables,
    },
    redis: queue ? { service: queue, host: queue, port: REDIS_PORT, passwordFile: sourceFiles.redisPassword } : undefined,
    objectStore: objectStore && {
      service: objectStore.service,
      endpoint: objectStoreUrl(system, objectStore),
      bucket: objectStore.buckets[0]!.name,
      credentialsFile: sourceFiles.objectStoreCredentials,
      caFile: AUTHORITY,
    },
    mlflow: mlflow && { url: `http://${mlflow.service}:${row(system, mlflow.service).port}` },
    kafka: kafka && {
      bootstrapServers: bootstrapServers(system, kafka),
      sasl: kafka.saslSsl && { username: CLIENT, passwordFile: CLIENT_PASSWORD_FILE, caFile: AUTHORITY },
    },
    jobs: backups.jobs.map(({ name, kind, schedule, maxAge, keep: retention, bucket }) => ({
      name,
      kind,
      schedule,
      maxAgeSeconds: seconds(maxAge),
      keep: keep(retention),
      bucket,
    })),
    restoreTest: { schedule: backups.restoreTest.schedule },
    expire: { schedule: backups.expire.schedule },
  };
}
