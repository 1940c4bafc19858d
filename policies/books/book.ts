/** A runbook's numbers, kept apart from the declaration on purpose. */
export interface Book {
  /** Value of the label app.kubernetes.io/part-of. */
  system: string;
  /** Pulumi project whose stacks it is the book of. */
  project: string;
  /** Container name = prefix + service. */
  containerPrefix: string;
  rows: Row[];
  /** Repositories of the images that are built from the system's own sources: Docker runs them where they are built, and no registry gave them a digest. */
  built?: string[];
  /** Limits of a task that runs to its end; one that the clock starts has those of the service that would start it. */
  tasks?: Row;
  /** Services that only one platform runs: elsewhere the platform does it itself. */
  only?: Record<string, "docker" | "kubernetes">;
  /** Services of which there is one on every node; they look at its GPUs and take none. */
  perNode?: string[];
  /** Services that are the numbered replicas of one set on Kubernetes. */
  groups?: Record<string, string[]>;
  /** Namespaces on Kubernetes: where everything runs, and where the agents do that look at their host. */
  namespaces?: { main: string; node: string };
  /** Replicas by service or group: exactly so many, or a range by load. Everything else has one. */
  scale?: Record<string, number | { min: number; max: number }>;
  /** Who takes whose room, the most important first; a service that no tier names is of `observability`. */
  tiers?: { data: string[]; inference: string[]; observability: string[]; training: string[] };
  /** Services that clients outside the cluster reach. */
  exposed?: string[];
  /** Parts that ask the cluster's API for something, and so have a token: by resource and group, such as `deployments.apps`, the verbs that they may use. */
  tokens?: Record<string, Record<string, string>>;
  /** Sizes of the claims on Kubernetes, by set and claim. */
  claims?: Record<string, Size>;
  /** Volumes that hold nothing worth keeping, by their name on Docker. Every other one is protected. */
  scratchVolumes: string[];
  /** Every other volume by its name on Docker: the backup job that takes it, or why none does. */
  volumes: Record<string, string | { none: string }>;
  backups?: Backups;
  /** Buckets, all of them versioned, the service without which there is none, and the days for which nothing in it can be deleted. */
  buckets?: Record<string, { of?: string; lockDays?: number }>;
  /** Brokers with their broker.id, and what every broker must hold. */
  kafka?: {
    brokers: Record<string, number>;
    replicationFactor: number;
    minInsyncReplicas: number;
    retentionHours: number;
    /** Partitions by topic. */
    topics: Record<string, number>;
  };
  /** The database server's settings, in PostgreSQL's own words, and the days for which each hypertable or roll-up keeps its rows. */
  database?: { service: string; settings: Record<string, string>; tableDays: Record<string, number> };
  /** Services with metrics and logs, and how long they keep them. */
  retention?: { metrics: { service: string; time: string; size: string }; logs: { service: string; hours: number } };
  alerting?: Alerting;
  /** Tasks that the clock starts: cron's schedule, UTC, and command. `service` runs them where the platform has no clock. */
  schedules?: { service: string; tasks: Record<string, { schedule: string; command: string }> };
  /** Settings of the workloads that the runbook gives a number, by service. */
  settings?: Record<string, Record<string, string>>;
  /** What the runbook puts in their place for a while, whole, by service. */
  profiles?: Record<string, Record<string, string>[]>;
  /** Redis servers. Sizes in bytes. */
  redis?: Record<string, { persistent: boolean; evicts: string; maxmemory: number }>;
}

/** What must be backed up, how often, how long it is kept, and which alerts watch over it. */
export interface Backups {
  /** Service that makes the backups. */
  service: string;
  /** Service whose write-ahead log is archived, and seconds within which each write must be. */
  archived: { service: string; withinSeconds: number };
  /** Buckets of the vault that the jobs name; pgBackRest's repository is in the locked one. */
  buckets: { locked: string; unlocked: string };
  /** Days that a full backup in pgBackRest's repository stays restorable. */
  fullDays: number;
  jobs: Job[];
  /** Cron schedules of the restore test and of the deletion of what is no longer kept. */
  restoreTest: string;
  expire: string;
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

/** What must be alerted about, how often it is looked at, and who is called. */
export interface Alerting {
  /** Service that evaluates the rules, and the one that calls. */
  prometheus: string;
  alertmanager: string;
  /** Seconds between two evaluations. */
  everySeconds: number;
  alerts: Alert[];
  /** Receiver by priority. */
  receivers: Record<string, string>;
}

/** An alert in one severity. */
export interface Alert {
  name: string;
  severity: "warning" | "critical" | "none";
  /** Level of the escalation table. */
  priority: string;
  /** How long it must hold before somebody is called. */
  wait: string;
  /** The comparison at which it fires, in PromQL; absent where it fires on whatever there is. */
  limit?: string;
  /** All other numbers and times of its expression, in order: a window that grows hides what it should show. */
  numbers: string;
  /** Services without which there is no such alert. */
  of: string[];
}

const WAIT = { none: "0s", critical: "5m", warning: "10m" } as const;
const PRIORITY = { none: "none", critical: "L2", warning: "L1" } as const;

/** A row as the alert table has it: name, severity, limit, other numbers, services; `wait` where it differs from its severity's. */
export function alert(
  name: string,
  severity: Alert["severity"],
  limit: string | undefined,
  numbers = "",
  of: string[] = [],
  wait: string = WAIT[severity],
): Alert {
  return { name, severity, priority: PRIORITY[severity], wait, limit, numbers, of };
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

export type Size = `${number}G` | `${number}M`;

/** A row as the runbook writes it: service, CPU limit in cores, memory limit, memory reserved, GPUs. */
export function row(service: string, cpu: number, memory: Size, reserved: Size, gpu = 0): Row {
  return { service, cpu, memory: mebibytes(memory), reserved: mebibytes(reserved), gpu };
}

export function mebibytes(size: Size): number {
  return Number(size.slice(0, -1)) * (size.endsWith("G") ? 1024 : 1);
}
