import type { Duration } from "./units";

/** How a job takes its backup, and so how it is restored. */
export type BackupKind =
  /** pgBackRest, with WAL archiving: any moment since the oldest kept full backup. */
  | "postgres-physical"
  /** `pg_dump -Fc`: portable to another version. */
  | "postgres-dump"
  | "redis-rdb"
  /** Every object of a bucket, unchanged ones once. */
  | "object-store"
  /** Topic definitions, and offsets for the report; never messages. */
  | "kafka-definitions"
  /** Files of the model versions in production, from the registry. */
  | "models";

/** How long a job's backups are kept: all of them alike, or the newest of each day, week and month. */
export type Retention = { all: Duration } | { daily: Duration; weekly?: Duration; monthly?: Duration };

/** One row of the backup table. */
export interface BackupJob {
  name: string;
  kind: BackupKind;
  /** Service whose data it takes, or group. */
  of: string;
  /** UTC, in cron's grammar. */
  schedule: string;
  /** Age of the newest backup above which an alert fires, and above which a start makes one at once. */
  maxAge: Duration;
  keep: Retention;
  /** Bucket of the vault: `locked` ones cannot be deleted for a while, whoever asks; short-lived ones would only fill it. */
  bucket: "locked" | "unlocked";
}

/** A table that a manifest counts and a restore is compared by. */
export interface ComparedTable {
  database: string;
  table: string;
  /** Column that a row is written under once and for all; with it, the rows before a backup's start are also compared by digest. */
  time?: string;
}

/** What is backed up, when, where to, and how it is proven that it can be restored. */
export interface BackupsDeclaration {
  /** Sidecar that makes the backups. */
  service: string;
  vault: {
    /** Name in the system's `external`. */
    external: string;
    region: string;
    /** As production has them; in AWS those of other stacks end in the name of the stack. */
    buckets: { locked: string; unlocked: string };
    /** How long an object of the locked bucket cannot be deleted. */
    lock: Duration;
    /** How long a version stays that was hidden or replaced, where the bucket has lifecycle rules. */
    noncurrent: Duration;
    /** How long the parts of an upload stay that was cut off. */
    incompleteUploads: Duration;
    /** How long it is known who asked the buckets for what. */
    accessLogs: Duration;
  };
  /** Longest time to rebuild after a total loss, and longest stretch of acknowledged writes that may be lost with it. */
  objectives: { rto: Duration; rpo: Duration };
  jobs: BackupJob[];
  tables: ComparedTable[];
  /** Restores the newest backups beside the live system and compares them. */
  restoreTest: { schedule: string };
  /** Deletes what the jobs no longer keep. */
  expire: { schedule: string };
}
