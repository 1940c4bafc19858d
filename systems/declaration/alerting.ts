import { UnitError, type Duration } from "./units";

type Operator = ">" | ">=" | "<";

/** When an alert fires, as a runbook's table writes it: `"> 10"`, `">= 80%"`. A percentage stands for its share, 0 to 1. */
export type Limit = `${Operator} ${number}` | `${Operator} ${number}%`;

/** A limit with a lower step that warns and a higher one that is critical. Absent: that severity has no rule. */
export interface Threshold {
  warning?: Limit;
  critical?: Limit;
}

/** Every threshold that a runbook's alert table can hold; a system sets those that its own table has. */
export interface Thresholds {
  /** Share of the file system in use. */
  diskUsed: Threshold;
  /** Hours until the file system is full, by the trend of the last hour. */
  diskFullHours: Threshold;
  /** Share of the memory limit in use, by RSS: page cache is not use. */
  memoryOfLimit: Threshold;
  /** Share of the CPU limit in use, sustained. */
  cpuOfLimit: Threshold;
  /** Share of GPU memory in use. */
  gpuMemory: Threshold;
  /** Share of max_connections in use. */
  databaseConnections: Threshold;
  /** Partitions of the whole cluster that lack a replica. */
  underReplicatedPartitions: Threshold;
  /** Share of maxmemory in use. */
  redisMemory: Threshold;
  /** Circuit breakers open in the whole system. */
  circuitBreakersOpen: Threshold;
  modelRollbacksPerDay: Threshold;
  redisEvictionsPerSecond: Threshold;
  /** Messages that a consumer group is behind. */
  consumerLag: Threshold;
  /** Restarts of one service in 15 minutes. */
  restarts: Threshold;
  /** Days until a certificate ends. */
  certificateDays: Threshold;
  /** Seconds from a log line's writing to its being readable. */
  logLagSeconds: Threshold;
  /** Age of the newest backup of a job, as a share of what the job's `maxAge` allows. */
  backupAge: Threshold;
  /** Minutes since WAL was last archived, while there is some to archive. */
  walArchivingMinutes: Threshold;
  /** Days since backups were last restored and compared. */
  restoreTestDays: Threshold;
  /** Days since the stack was last destroyed and rebuilt from its backups. */
  gameDayDays: Threshold;
}

/** Who answers an alert of a priority, how fast, and who comes next. */
export interface Escalation {
  priority: string;
  receiver: string;
  /** Who is called. */
  who: string;
  responseMinutes: number;
  /** Minutes without an answer until the next level is called. */
  escalateAfterMinutes?: number;
  pages: boolean;
}

export interface Alerting {
  thresholds: Thresholds;
  /** How long a condition must hold before its alert fires: a service that is down, a critical threshold, a warning. */
  for: { down: Duration; critical: Duration; warning: Duration };
  /** In the order in which the levels are called. */
  escalation: Escalation[];
  /** Priority of an alert by severity, unless the rule names one. */
  priorityOf: { critical: string; warning: string };
}

/** Operator and number of a limit, in PromQL's terms: `">= 80%"` is `>=` and 0.8. `key` names the value in the error. */
export function parseLimit(limit: Limit, key = "limit"): { operator: Operator; value: number } {
  const match = /^(>=|>|<) (\d+(?:\.\d+)?)(%?)$/.exec(limit);
  if (!match) {
    throw new UnitError(key, limit, 'a comparison such as "> 10", ">= 80%" or "< 14"');
  }
  return { operator: match[1] as Operator, value: Number(match[2]) / (match[3] ? 100 : 1) };
}
