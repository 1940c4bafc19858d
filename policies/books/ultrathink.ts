import { row, type Book } from "./book";

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
  // Replication 3 and in-sync 2: one lost broker blocks no write and loses none.
  kafka: { brokers: { "kafka-1": 1, "kafka-2": 2, "kafka-3": 3 }, replicationFactor: 3, minInsyncReplicas: 2, retentionHours: 168 },
  // The cache evicts and keeps nothing on disk; Celery's queue keeps everything.
  redis: {
    redis: { persistent: false, evicts: "allkeys-lru", maxmemory: 2_000_000_000 },
    "redis-queue": { persistent: true, evicts: "noeviction" },
  },
};
