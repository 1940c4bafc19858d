/** A runbook's numbers, kept apart from the declaration on purpose. */
export interface Book {
  /** Value of the label app.kubernetes.io/part-of. */
  system: string;
  /** Pulumi project whose stacks it is the book of. */
  project: string;
  /** Container name = prefix + service. */
  containerPrefix: string;
  rows: Row[];
  /** Volumes that hold nothing worth keeping, by their name on Docker. Every other one is protected. */
  scratchVolumes: string[];
  /** Every other volume by its name on Docker: the backup job that takes it, or why none does. */
  volumes: Record<string, string | { none: string }>;
  backups?: Backups;
  /** A vault's buckets, all of them versioned, and the days for which nothing in them can be deleted. */
  buckets?: Record<string, { lockDays?: number }>;
  /** Brokers with their broker.id, and what every broker must hold. */
  kafka?: { brokers: Record<string, number>; replicationFactor: number; minInsyncReplicas: number; retentionHours: number };
  /** Redis servers. Sizes in bytes. */
  redis?: Record<string, { persistent: boolean; evicts: string; maxmemory?: number }>;
}

/** What must be backed up, how often, how long it is kept, and which alerts watch over it. */
export interface Backups {
  /** Service that makes the backups. */
  service: string;
  /** Service whose write-ahead log is archived, and seconds within which each write must be. */
  archived: { service: string; withinSeconds: number };
  /** Bucket of pgBackRest's repository, and days that a full backup stays restorable. */
  repository: { bucket: string; fullDays: number };
  jobs: Job[];
  /** Cron schedules of the restore test and of the deletion of what is no longer kept. */
  restoreTest: string;
  expire: string;
  alerts: Alert[];
}

/** One row of a backup table. */
interface Job {
  name: string;
  kind: string;
  /** Services that it takes the data of; without them in the stack there is no such job. */
  of: string[];
  /** Cron, UTC. */
  schedule: string;
  /** Oldest that its newest backup may be, in seconds. */
  maxAge: number;
  /** Least time that its backups are kept, in seconds. */
  keep: Keep;
  bucket: "locked" | "unlocked";
}

/** All of them alike, or the newest of each day, week and month. */
type Keep = { all: number } | { daily: number; weekly?: number; monthly?: number };

/** An alert in one severity, and the comparison that its expression ends with. */
interface Alert {
  name: string;
  severity: "warning" | "critical";
  limit: string;
}

const UNITS = { m: 60, h: 3600, d: 86_400 } as const;
type Length = `${number}${keyof typeof UNITS}`;

function seconds(length: Length): number {
  return Number(length.slice(0, -1)) * UNITS[length.slice(-1) as keyof typeof UNITS];
}

/** A row as the backup table has it: name, kind, services, schedule, oldest allowed, kept, bucket. */
export function job(
  name: string,
  kind: string,
  of: string[],
  schedule: string,
  maxAge: Length,
  keep: Record<"all", Length> | { daily: Length; weekly?: Length; monthly?: Length },
  bucket: Job["bucket"] = "locked",
): Job {
  const kept = Object.fromEntries(Object.entries(keep).map(([what, length]) => [what, seconds(length)])) as unknown as Keep;
  return { name, kind, of, schedule, maxAge: seconds(maxAge), keep: kept, bucket };
}

/** One row of a resource table. */
export interface Row {
  service: string;
  /** Cores. */
  cpu: number;
  /** MiB. */
  memory: number;
  /** MiB. */
  reserved: number;
  gpu: number;
}

type Size = `${number}G` | `${number}M`;

/** A row as the runbook writes it: service, CPU limit in cores, memory limit, memory reserved, GPUs. */
export function row(service: string, cpu: number, memory: Size, reserved: Size, gpu = 0): Row {
  return { service, cpu, memory: mebibytes(memory), reserved: mebibytes(reserved), gpu };
}

function mebibytes(size: Size): number {
  return Number(size.slice(0, -1)) * (size.endsWith("G") ? 1024 : 1);
}
