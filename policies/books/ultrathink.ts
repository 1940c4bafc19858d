import { job, row, type Book } from "./book";

/**
 * UltraThink's resource table, a second time: the declaration holds it once, the pack here, and neither reads the other, as in double-entry
 * bookkeeping. A number that changes, changes in both books, or every preview says so.
 */
export const ultrathink: Book = {
  system: "ultrathink",
  project: "ultrathink-infrastructure",
  containerPrefix: "ultrathink-",
  // prettier-ignore
  rows: [
    //  service                  CPU   memory  reserved  GPU
    row("timescaledb",           2.0,  "2G",   "1G"),
    row("mlflow",                1.0,  "1G",   "512M"),
    row("redis",                 1.0,  "2G",   "512M"),
    row("kafka-1",               1.0,  "1.5G", "1G"),
    row("kafka-2",               1.0,  "1.5G", "1G"),
    row("kafka-3",               1.0,  "1.5G", "1G"),
    row("zookeeper",             0.5,  "768M", "512M"),
    row("prometheus",            1.0,  "1G",   "512M"),
    row("grafana",               0.5,  "512M", "256M"),
    row("data-service",          1.0,  "1G",   "512M"),
    row("regime-detection",      1.0,  "1G",   "512M"),
    row("meta-controller",       2.0,  "8G",   "4G",     1),
    row("training-orchestrator", 4.0,  "8G",   "4G",     1),
    row("risk-manager",          1.0,  "1G",   "512M"),
    row("inference-service",     2.0,  "2G",   "1G",     1),
    row("forensics-consumer",    1.0,  "1G",   "512M"),

    // Beyond the runbook's own table: what its procedures, alerts and schedules rely on.
    row("redis-queue",           0.25, "256M", "128M"),
    row("object-store",          0.5,  "512M", "256M"),
    row("alertmanager",          0.25, "128M", "64M"),
    row("loki",                  1.0,  "1G",   "512M"),
    row("loki-canary",           0.1,  "64M",  "32M"),
    row("alloy",                 0.5,  "256M", "128M"),
    row("node-exporter",         0.2,  "128M", "64M"),
    row("cadvisor",              0.3,  "256M", "128M"),
    row("postgres-exporter",     0.2,  "128M", "64M"),
    row("redis-exporter",        0.2,  "128M", "64M"),
    row("redis-queue-exporter",  0.2,  "128M", "64M"),
    row("kafka-exporter",        0.2,  "128M", "64M"),
    row("blackbox-exporter",     0.2,  "128M", "64M"),
    row("dcgm-exporter",         0.2,  "128M", "64M",    1),
    row("scheduler",             0.25, "256M", "64M"),
    row("backup",                1.0,  "512M", "256M"),
  ],
  // A socket, and room for a restore.
  scratchVolumes: ["infrastructure_timescale_socket", "infrastructure_backup_scratch"],
  volumes: {
    infrastructure_timescale_data: "timescaledb",
    infrastructure_redis_queue_data: "redis-queue",
    infrastructure_mlflow_artifacts: "mlflow-artifacts",
    infrastructure_zookeeper_data: { none: "brokers register anew, and topics are declared" },
    infrastructure_zookeeper_log: { none: "goes with the data" },
    infrastructure_kafka_1_data: { none: "what counts is in TimescaleDB; topics are declared, and three brokers hold each message" },
    infrastructure_kafka_2_data: { none: "as kafka_1" },
    infrastructure_kafka_3_data: { none: "as kafka_1" },
    infrastructure_prometheus_data: { none: "measurements of 30 days, which nothing else rests on" },
    infrastructure_alertmanager_data: { none: "what still holds fires again" },
    infrastructure_grafana_data: { none: "everything in it is code" },
    infrastructure_loki_data: { none: "logs of 30 days, which nothing else rests on" },
    infrastructure_alloy_data: { none: "positions in files of the machine that is lost" },
  },
  backups: {
    service: "backup",
    archived: { service: "timescaledb", withinSeconds: 60 },
    repository: { bucket: "ultrathink-backups", fullDays: 30 },
    // prettier-ignore
    jobs: [
      //  name                 kind                 of                          schedule       max.   kept
      job("timescaledb",       "postgres-physical", ["timescaledb"],            "30 0 * * *",  "26h", { all: "30d" }),
      job("timescaledb-dump",  "postgres-dump",     ["timescaledb"],            "0 2 * * *",   "26h", { daily: "30d", weekly: "84d", monthly: "365d" }),
      job("redis-queue",       "redis-rdb",         ["redis-queue"],            "*/5 * * * *", "15m", { all: "24h" }, "unlocked"),
      job("redis-queue-daily", "redis-rdb",         ["redis-queue"],            "0 2 * * *",   "26h", { daily: "30d" }),
      job("mlflow-artifacts",  "object-store",      ["object-store"],           "0 3 * * *",   "26h", { all: "30d" }),
      job("kafka",             "kafka-definitions", ["kafka-1", "kafka-2", "kafka-3"], "15 2 * * *", "26h", { all: "30d" }),
      job("models",            "models",            ["mlflow"],                 "30 3 * * *",  "26h", { all: "30d" }),
    ],
    restoreTest: "0 4 * * 0",
    expire: "0 5 * * *",
    // prettier-ignore
    alerts: [
      { name: "BackupTooOld",       severity: "warning",  limit: "> 1" },
      { name: "BackupTooOld",       severity: "critical", limit: "> 2" },
      { name: "BackupFailed",       severity: "warning",  limit: "> 0" },
      { name: "WalArchivingBehind", severity: "warning",  limit: "> 5" },
      { name: "WalArchivingBehind", severity: "critical", limit: "> 15" },
      { name: "RestoreTestTooOld",  severity: "warning",  limit: "> 8" },
      { name: "RestoreTestFailed",  severity: "critical", limit: "> 0" },
      { name: "GameDayOverdue",     severity: "warning",  limit: "> 31" },
    ],
  },
  // Replication 3 and in-sync 2: one lost broker blocks no write and loses none.
  kafka: { brokers: { "kafka-1": 1, "kafka-2": 2, "kafka-3": 3 }, replicationFactor: 3, minInsyncReplicas: 2, retentionHours: 168 },
  // The cache evicts and keeps nothing on disk; Celery's queue keeps everything.
  redis: {
    redis: { persistent: false, evicts: "allkeys-lru", maxmemory: 2_000_000_000 },
    "redis-queue": { persistent: true, evicts: "noeviction" },
  },
};
