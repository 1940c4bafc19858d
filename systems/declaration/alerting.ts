/** A limit with a lower step that warns and a higher one that is critical. Absent: that severity has no rule. */
export interface Threshold {
  warning?: number;
  critical?: number;
}

/** Every threshold that a runbook's alert table can hold; a system sets those that its own table has. */
export interface Thresholds {
  /** Share of the file system in use, 0–1. */
  diskUsed: Threshold;
  /** Share of the memory limit in use, by RSS: page cache is not use. */
  memoryOfLimit: Threshold;
  /** Share of the CPU limit in use, sustained. */
  cpuOfLimit: Threshold;
  /** Share of GPU memory in use. */
  gpuMemory: Threshold;
  /** Share of max_connections in use. */
  databaseConnections: Threshold;
  /** Partitions; fires above the number. */
  underReplicatedPartitions: Threshold;
  /** Share of maxmemory in use. */
  redisMemory: Threshold;
  /** Circuit breakers open; fires at the number. */
  circuitBreakersOpen: Threshold;
  /** Rollbacks in a day: warning at the number, critical above it. */
  modelRollbacksPerDay: Threshold;
  /** Evictions per second; fires above the number. */
  redisEvictionsPerSecond: Threshold;
  /** Messages that a consumer group is behind. */
  consumerLag: Threshold;
  /** Days until a certificate ends. */
  certificateDays: Threshold;
  /** Seconds from a log line's writing to its being readable. */
  logLagSeconds: Threshold;
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
  escalation: Escalation[];
  /** Priority of an alert by severity, unless the rule names one. */
  priorityOf: { critical: string; warning: string };
}
