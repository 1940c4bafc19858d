import type { GpuRequest, System } from "./declaration";

/** One whole device: training and live inference never share one by time-slicing. */
const gpu: GpuRequest = { count: 1, sharing: "exclusive" };

/** UltraThink, as docs/runbook.md and the resource table of the original runbook declare it. */
export const ultrathink: System = {
  name: "ultrathink",
  project: "infrastructure",
  containerPrefix: "ultrathink-",
  namespace: "ultrathink",
  runbook: "docs/runbook.md",

  // The runbook's resource table, row by row: host port, limits, reservation, GPU, what must be healthy first.
  services: {
    timescaledb: { port: 5432, cpu: 2.0, memory: "2G", reserved: "1G", external: ["vault"], scrape: { probe: "tcp", target: "timescaledb:5432" } },
    mlflow: { port: 5000, cpu: 1.0, memory: "1G", reserved: "512M", needs: ["timescaledb", "object-store"], scrape: { port: 5000 } },
    redis: { port: 6379, cpu: 1.0, memory: "2G", reserved: "512M", scrape: { probe: "tcp", target: "redis:6379" } },
    zookeeper: { port: 2181, cpu: 0.5, memory: "768M", reserved: "512M", scrape: { probe: "zookeeper", target: "zookeeper:2181" } },
    "kafka-1": { image: "kafka", port: 9092, containerPort: 19092, cpu: 1.0, memory: "1.5G", reserved: "1G", needs: ["zookeeper"], scrape: { port: 9404 } },
    "kafka-2": { image: "kafka", port: 9093, containerPort: 19093, cpu: 1.0, memory: "1.5G", reserved: "1G", needs: ["zookeeper"], scrape: { port: 9404 } },
    "kafka-3": { image: "kafka", port: 9094, containerPort: 19094, cpu: 1.0, memory: "1.5G", reserved: "1G", needs: ["zookeeper"], scrape: { port: 9404 } },
    prometheus: { port: 9090, cpu: 1.0, memory: "1G", reserved: "512M", uses: ["alertmanager"], scrape: { port: 9090 }, weeklyRestart: { day: "Sunday", hour: 1 } },
    grafana: { port: 3000, cpu: 0.5, memory: "512M", reserved: "256M", needs: ["prometheus", "loki", "timescaledb"], scrape: { port: 3000 }, weeklyRestart: { day: "Sunday", hour: 1 } },
    "data-service": { image: "workloads", port: 8000, cpu: 1.0, memory: "1G", reserved: "512M", needs: ["redis", "timescaledb"], uses: ["kafka"], scrape: { port: 8000 } },
    "regime-detection": { image: "workloads", port: 8001, cpu: 1.0, memory: "1G", reserved: "512M", needs: ["redis", "timescaledb"], uses: ["kafka"], scrape: { port: 8001 } },
    "meta-controller": { image: "workloads", port: 8002, cpu: 2.0, memory: "8G", reserved: "4G", gpu, needs: ["redis", "kafka", "mlflow"], scrape: { port: 8002 } },
    "risk-manager": { image: "workloads", port: 8003, cpu: 1.0, memory: "1G", reserved: "512M", needs: ["redis", "timescaledb"], scrape: { port: 8003 } },
    "inference-service": {
      image: "workloads", port: 8080, cpu: 2.0, memory: "2G", reserved: "1G", gpu,
      needs: ["data-service", "regime-detection", "meta-controller", "risk-manager", "kafka", "mlflow"], scrape: { port: 8080 }, exposed: true,
    },
    "training-orchestrator": { image: "workloads", cpu: 4.0, memory: "8G", reserved: "4G", gpu, needs: ["redis-queue", "mlflow", "timescaledb"], uses: ["kafka"], scrape: { port: 9808 } },
    "forensics-consumer": { image: "workloads", port: 8090, cpu: 1.0, memory: "1G", reserved: "512M", needs: ["kafka", "timescaledb"], scrape: { port: 8090 } },

    // Beyond the runbook: what its procedures, alerts and schedules silently rely on.
    "redis-queue": { image: "redis", cpu: 0.25, memory: "256M", reserved: "128M", scrape: { probe: "tcp", target: "redis-queue:6379" } },
    "object-store": { port: 9000, cpu: 0.5, memory: "512M", reserved: "256M", scrape: { probe: "https", target: "https://object-store:9000/health" } },
    alertmanager: { port: 9095, containerPort: 9093, cpu: 0.25, memory: "128M", reserved: "64M", external: ["notifications"], scrape: { port: 9093 } },
    loki: { port: 3100, cpu: 1.0, memory: "1G", reserved: "512M", scrape: { port: 3100 } },
    "loki-canary": { cpu: 0.1, memory: "64M", reserved: "32M", needs: ["loki", "prometheus"], scrape: { port: 3500 } },
    alloy: { cpu: 0.5, memory: "256M", reserved: "128M", needs: ["loki"], scrape: { port: 12345 } },
    "node-exporter": { cpu: 0.2, memory: "128M", reserved: "64M", scrape: { port: 9100 }, onEvery: "node" },
    cadvisor: { cpu: 0.3, memory: "256M", reserved: "128M", scrape: { port: 8080 }, only: ["docker"] },
    "postgres-exporter": { cpu: 0.2, memory: "128M", reserved: "64M", needs: ["timescaledb"], scrape: { port: 9187, of: "timescaledb" } },
    "redis-exporter": { cpu: 0.2, memory: "128M", reserved: "64M", needs: ["redis"], scrape: { port: 9121, of: "redis" } },
    "redis-queue-exporter": { image: "redis-exporter", cpu: 0.2, memory: "128M", reserved: "64M", needs: ["redis-queue"], scrape: { port: 9121, of: "redis-queue" } },
    "kafka-exporter": { cpu: 0.2, memory: "128M", reserved: "64M", needs: ["kafka"], scrape: { port: 9308 } },
    "blackbox-exporter": { cpu: 0.2, memory: "128M", reserved: "64M", uses: ["timescaledb", "redis", "redis-queue", "zookeeper", "object-store", "mlflow"], scrape: { port: 9115 } },
    "dcgm-exporter": { cpu: 0.2, memory: "128M", reserved: "64M", gpu, scrape: { port: 9400 }, onEvery: "gpu-node" },
    "kube-state-metrics": { cpu: 0.2, memory: "128M", reserved: "64M", scrape: { port: 8080 }, only: ["kubernetes"] },
    scheduler: { image: "workloads", cpu: 0.25, memory: "256M", reserved: "64M", needs: ["timescaledb", "mlflow"], uses: ["prometheus", "loki", "grafana"], scrape: { port: 9746 } },
    backup: { cpu: 1.0, memory: "512M", reserved: "256M", needs: ["timescaledb"], uses: ["redis-queue", "object-store", "mlflow", "kafka"], external: ["vault"], scrape: { port: 9754 } },
  },
  groups: { kafka: ["kafka-1", "kafka-2", "kafka-3"] },
  external: {
    vault: { host: "vault", port: 9000, network: "ultrathink-vault", purpose: "backups and archived WAL, apart from the stack (vault/)" },
    notifications: { host: "events.pagerduty.com", port: 443, purpose: "calls whom the escalation table names: PagerDuty, or the webhooks of stack config" },
  },

  // How many of each, and what their loss may not stop. What is not here is one of its kind: TimescaleDB's safety is its backups' point in time.
  availability: {
    zookeeper: { scale: { min: 3 }, survives: "zone" },
    kafka: { survives: "zone" },
    "data-service": { scale: { min: 2, max: 6 }, survives: "zone" },
    // A consumer group has no use for more members than its topic has partitions.
    "regime-detection": { scale: { min: 2, max: 5 }, survives: "zone" },
    "risk-manager": { scale: { min: 2, max: 6 }, survives: "zone" },
    // Each replica of these two has a GPU of its own.
    "meta-controller": { scale: { min: 2, max: 3 }, survives: "zone" },
    "inference-service": { scale: { min: 2, max: 4 }, survives: "zone" },
  },
  // Post-deployment checks of counterfactual-lab's runbook, the strictest there is; what is asked and how long, ours.
  releases: {
    smoke: {
      "data-service": ["/health", "/features"],
      "regime-detection": ["/health", "/regime"],
      "meta-controller": ["/health", "/strategy"],
      "risk-manager": ["/health"],
      "inference-service": ["/health", "/model/info"],
    },
    // Enough requests that a single failure is too many.
    gate: { period: "2m", requestsPerSecond: 10, errorPercent: 0.1, p95Milliseconds: 500 },
    rollbackWindow: "15m",
  },
  tiers: {
    data: ["timescaledb", "redis", "redis-queue", "zookeeper", "kafka", "object-store", "mlflow"],
    inference: ["data-service", "regime-detection", "meta-controller", "risk-manager", "inference-service", "forensics-consumer"],
    training: ["training-orchestrator", "scheduler"],
  },

  database: {
    service: "timescaledb",
    engine: "timescaledb",
    superuser: "ultrathink",
    database: "ultrathink_experiments",
    settings: {
      max_connections: "200",
      shared_buffers: "512MB",
      effective_cache_size: "1536MB",
      work_mem: "4MB",
      maintenance_work_mem: "128MB",
      idle_in_transaction_session_timeout: "10min",
      shared_preload_libraries: "timescaledb,pg_stat_statements",
      wal_level: "replica",
      max_wal_size: "2GB",
      checkpoint_timeout: "15min",
      max_worker_processes: "24",
      max_locks_per_transaction: "256",
      password_encryption: "scram-sha-256",
    },
    sharedMemory: "256M",
    roles: [
      { name: "mlflow_tracking", database: "mlflow_tracking", privileges: "owner" },
      { name: "ultrathink_app", privileges: "read-write" },
      { name: "grafana", privileges: "read-only" },
      { name: "exporter", privileges: "monitor" },
      { name: "scheduler", privileges: "maintain" },
    ],
    schema: "systems/ultrathink.sql",
    retention: [
      { table: "metrics", chunk: "1d", compressAfter: "7d", dropAfter: "90d", hourlyRollup: { dropAfter: "365d" } },
      { table: "trading_decisions", chunk: "7d", compressAfter: "30d", dropAfter: "365d" },
    ],
  },

  zookeeper: { service: "zookeeper", heap: "384M" },

  kafka: {
    metadata: { kind: "zookeeper", service: "zookeeper" },
    brokers: ["kafka-1", "kafka-2", "kafka-3"],
    heap: "768M",
    replicationFactor: 3,
    minInsyncReplicas: 2,
    retention: { hours: 168 },
    topics: [
      { name: "trading_decisions", partitions: 3 },
      { name: "market_data", partitions: 5 },
      { name: "forensics_events", partitions: 2 },
      { name: "regime_events", partitions: 3 },
      { name: "strategy_decisions", partitions: 3 },
      { name: "training_status", partitions: 3 },
    ],
    consumerGroups: ["forensics-consumer", "meta-controller", "regime-detection"],
  },

  redis: {
    redis: { maxmemory: 2_000_000_000, policy: "allkeys-lru", persistence: "none" },
    "redis-queue": { maxmemory: 128_000_000, policy: "noeviction", persistence: "aof-and-rdb" },
  },

  objectStore: { service: "object-store", buckets: [{ name: "mlflow-artifacts", versioning: true }] },

  mlflow: { service: "mlflow", workers: 2, database: "mlflow_tracking", bucket: "mlflow-artifacts" },

  observability: {
    prometheus: { service: "prometheus", retention: "30d", retentionSize: "8G", scrapeInterval: "15s" },
    alertmanager: { service: "alertmanager" },
    grafana: { service: "grafana" },
    loki: { service: "loki", retention: "30d" },
    canary: { service: "loki-canary" },
    logAgent: { service: "alloy" },
    exporters: {
      node: "node-exporter",
      cadvisor: "cadvisor",
      blackbox: "blackbox-exporter",
      postgres: { service: "postgres-exporter", of: "timescaledb" },
      redis: [
        { service: "redis-exporter", of: "redis" },
        { service: "redis-queue-exporter", of: "redis-queue" },
      ],
      kafka: "kafka-exporter",
      gpu: "dcgm-exporter",
      kubeState: "kube-state-metrics",
    },
  },

  workloads: {
    "data-service": { kind: "http" },
    "regime-detection": { kind: "http" },
    "meta-controller": { kind: "http" },
    "risk-manager": { kind: "http" },
    "inference-service": { kind: "http", env: { BATCH_SIZE: "16" } },
    "training-orchestrator": { kind: "celery-worker", env: { TRAINING_BATCH_SIZE: "32", LEARNING_RATE: "0.0001", EWC_LAMBDA: "1000" } },
    "forensics-consumer": { kind: "http" },
  },
  trainingProfiles: {
    default: { service: "training-orchestrator", env: {} },
    "safe-retrain": { service: "training-orchestrator", env: { BATCH_SIZE: "64", TRAINING_BATCH_SIZE: "64" } },
  },

  scheduler: {
    service: "scheduler",
    jobs: [
      { name: "checkpoint-cleanup", schedule: "0 2 * * *", command: ["checkpoint-cleanup", "--dry-run"], purpose: "Daily Tasks 02:00: lists checkpoints past 30 days that are not among an experiment's best 10 nor tagged production" },
      { name: "health-report", schedule: "0 */6 * * *", command: ["health-report"], purpose: "Daily Tasks, every 6 hours: mails what is unhealthy to ops@ultrathink.com" },
      { name: "vacuum-analyze", schedule: "0 1 * * 0", command: ["vacuum-analyze"], purpose: "Weekly Tasks 3: VACUUM ANALYZE" },
      { name: "disk-usage-trend", schedule: "0 1 * * 0", command: ["disk-usage-trend"], purpose: "Weekly Tasks 4: disk usage trend" },
      { name: "error-summary", schedule: "0 1 * * 0", command: ["error-summary"], purpose: "Weekly Tasks 5: the week's errors from Loki" },
      { name: "dashboards-refresh", schedule: "0 1 * * 0", command: ["dashboards-refresh"], purpose: "Weekly Tasks 7: Grafana reads its provisioned dashboards again" },
    ],
  },

  volumes: {
    timescale: { service: "timescaledb", name: "timescale_data", size: "100G", backup: "timescaledb" },
    zookeeperData: { service: "zookeeper", name: "zookeeper_data", size: "4G", backup: { none: "brokers register anew, and topics are made from the declaration" } },
    zookeeperLog: { service: "zookeeper", name: "zookeeper_log", size: "4G", backup: { none: "goes with zookeeper_data" } },
    kafka1: { service: "kafka-1", name: "kafka_1_data", size: "50G", backup: { none: "replicated; the messages' durable copy is TimescaleDB, and topics are declared" } },
    kafka2: { service: "kafka-2", name: "kafka_2_data", size: "50G", backup: { none: "replicated; the messages' durable copy is TimescaleDB, and topics are declared" } },
    kafka3: { service: "kafka-3", name: "kafka_3_data", size: "50G", backup: { none: "replicated; the messages' durable copy is TimescaleDB, and topics are declared" } },
    redisQueue: { service: "redis-queue", name: "redis_queue_data", size: "4G", backup: "redis-queue" },
    objectStore: { service: "object-store", name: "mlflow_artifacts", size: "100G", backup: "mlflow-artifacts" },
    prometheus: { service: "prometheus", name: "prometheus_data", size: "10G", backup: { none: "30 days of measurements: nothing rests on them after a loss" } },
    alertmanager: { service: "alertmanager", name: "alertmanager_data", size: "1G", backup: { none: "silences and what was notified: alerts that still hold fire again" } },
    grafana: { service: "grafana", name: "grafana_data", size: "1G", backup: { none: "data sources and dashboards are code" } },
    loki: { service: "loki", name: "loki_data", size: "50G", backup: { none: "30 days of logs: nothing rests on them after a loss" } },
    alloy: { service: "alloy", name: "alloy_data", size: "1G", backup: { none: "positions in log files that are lost with the machine" } },
  },

  backups: {
    service: "backup",
    vault: {
      external: "vault", region: "us-east-1", buckets: { locked: "ultrathink-backups", unlocked: "ultrathink-backups-recent" },
      lock: "14d", noncurrent: "30d", incompleteUploads: "7d", accessLogs: "365d",
    },
    objectives: { rto: "30m", rpo: "5m" },
    // pgBackRest makes a full backup on Sundays and when there is none, else a differential one.
    jobs: [
      { name: "timescaledb", kind: "postgres-physical", of: "timescaledb", schedule: "30 0 * * *", maxAge: "26h", keep: { all: "30d" }, bucket: "locked" },
      { name: "timescaledb-dump", kind: "postgres-dump", of: "timescaledb", schedule: "0 2 * * *", maxAge: "26h", keep: { daily: "30d", weekly: "84d", monthly: "365d" }, bucket: "locked" },
      { name: "redis-queue", kind: "redis-rdb", of: "redis-queue", schedule: "*/5 * * * *", maxAge: "15m", keep: { all: "24h" }, bucket: "unlocked" },
      { name: "redis-queue-daily", kind: "redis-rdb", of: "redis-queue", schedule: "0 2 * * *", maxAge: "26h", keep: { daily: "30d" }, bucket: "locked" },
      { name: "mlflow-artifacts", kind: "object-store", of: "object-store", schedule: "0 3 * * *", maxAge: "26h", keep: { all: "30d" }, bucket: "locked" },
      { name: "kafka", kind: "kafka-definitions", of: "kafka", schedule: "15 2 * * *", maxAge: "26h", keep: { all: "30d" }, bucket: "locked" },
      { name: "models", kind: "models", of: "mlflow", schedule: "30 3 * * *", maxAge: "26h", keep: { all: "30d" }, bucket: "locked" },
    ],
    tables: [
      { database: "ultrathink_experiments", table: "metrics", time: "timestamp" },
      { database: "ultrathink_experiments", table: "trading_decisions", time: "timestamp" },
      { database: "ultrathink_experiments", table: "model_versions", time: "created_at" },
      { database: "ultrathink_experiments", table: "experiments", time: "created_at" },
      { database: "mlflow_tracking", table: "runs" },
      { database: "mlflow_tracking", table: "registered_models" },
      { database: "mlflow_tracking", table: "model_versions" },
      { database: "mlflow_tracking", table: "experiments" },
    ],
    restoreTest: { schedule: "0 4 * * 0" },
    expire: { schedule: "0 5 * * *" },
  },

  alerting: {
    // The runbook's threshold table, row by row.
    thresholds: {
      diskUsed: { warning: ">= 80%", critical: ">= 90%" },
      memoryOfLimit: { warning: ">= 85%", critical: ">= 95%" },
      cpuOfLimit: { warning: ">= 80%", critical: ">= 95%" },
      gpuMemory: { warning: ">= 80%", critical: ">= 95%" },
      databaseConnections: { warning: ">= 80%", critical: ">= 95%" },
      underReplicatedPartitions: { warning: "> 0", critical: "> 10" },
      redisMemory: { warning: ">= 80%", critical: ">= 95%" },
      circuitBreakersOpen: { warning: ">= 1", critical: ">= 2" },
      modelRollbacksPerDay: { warning: ">= 1", critical: "> 3" },
      // Its prevention lists: Redis, "alert if >1000/sec".
      redisEvictionsPerSecond: { warning: "> 1000" },
      // Ours.
      consumerLag: { warning: ">= 10000", critical: ">= 50000" },
      diskFullHours: { warning: "< 4" },
      restarts: { warning: "> 2" },
      certificateDays: { warning: "< 14", critical: "< 3" },
      logLagSeconds: { warning: "> 30" },
      backupAge: { warning: "> 100%", critical: "> 200%" },
      walArchivingMinutes: { warning: "> 5", critical: "> 15" },
      restoreTestDays: { warning: "> 8" },
      gameDayDays: { warning: "> 31" },
    },
    for: { down: "2m", critical: "5m", warning: "10m" },
    escalation: [
      { priority: "L1", receiver: "on-call", who: "On-Call Engineer", responseMinutes: 15, escalateAfterMinutes: 30, pages: true },
      { priority: "L2", receiver: "infrastructure-lead", who: "Infrastructure Lead", responseMinutes: 30, escalateAfterMinutes: 30, pages: true },
      { priority: "L3", receiver: "management", who: "Engineering Manager and CTO", responseMinutes: 60, pages: true },
    ],
    priorityOf: { critical: "L2", warning: "L1" },
  },
};
