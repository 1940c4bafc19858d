import type { System } from "../../systems/declaration";
import { OBJECT_METRICS } from "./kube-state-metrics";

/** Workloads that give nobody up: forensics tries again until a decision is stored, and commits its offset only then. */
const WITHOUT_BREAKERS = ["forensics-consumer"];

/**
 * Which services' scrape jobs deliver each metric that a rule reads. Written by hand against the exporters' sources; the end-to-end run
 * asks the live Prometheus for each of them.
 */
export function metricSources(system: System): Record<string, string[]> {
  const { exporters, canary } = system.observability;
  const scraped = Object.entries(system.services).filter(([, row]) => row.scrape);
  const probed = (kinds: string[]) =>
    scraped.filter(([, { scrape }]) => scrape && "probe" in scrape && kinds.includes(scrape.probe)).map(([name]) => name);
  const deliver = (services: (string | undefined)[], metrics: string[]) =>
    Object.fromEntries(metrics.map(metric => [metric, services.filter((name): name is string => name !== undefined)]));
  return {
    ...deliver(
      scraped.map(([name]) => name),
      ["up"],
    ),
    ...deliver(probed(["tcp", "http", "https", "zookeeper"]), ["probe_success"]),
    ...deliver(probed(["https"]), ["probe_ssl_earliest_cert_expiry"]),
    ...deliver([exporters.node], ["node_filesystem_size_bytes", "node_filesystem_free_bytes", "node_filesystem_avail_bytes"]),
    ...deliver(
      [exporters.cadvisor],
      [
        "container_cpu_usage_seconds_total",
        "container_memory_rss",
        "container_spec_memory_limit_bytes",
        "container_spec_cpu_quota",
        "container_spec_cpu_period",
      ],
    ),
    ...deliver([exporters.gpu], ["DCGM_FI_DEV_FB_USED", "DCGM_FI_DEV_FB_FREE"]),
    ...deliver([exporters.kubeState], OBJECT_METRICS),
    ...deliver(
      [exporters.postgres.service],
      [
        "pg_up",
        "pg_stat_activity_count",
        "pg_settings_max_connections",
        "pg_stat_archiver_archived_count",
        "pg_stat_archiver_failed_count",
        "pg_stat_archiver_last_archive_age",
        "pg_stat_database_tup_inserted",
        "pg_stat_database_tup_updated",
        "pg_stat_database_tup_deleted",
      ],
    ),
    ...deliver(
      exporters.redis.map(({ service }) => service),
      ["redis_up", "redis_memory_used_bytes", "redis_memory_max_bytes", "redis_evicted_keys_total"],
    ),
    ...deliver([exporters.kafka], ["kafka_consumergroup_lag"]),
    ...deliver(system.kafka?.brokers ?? [], [
      "kafka_server_replicamanager_underreplicatedpartitions",
      "kafka_server_replicamanager_underminisrpartitioncount",
      "kafka_controller_kafkacontroller_activecontrollercount",
      "kafka_controller_kafkacontroller_offlinepartitionscount",
    ]),
    ...deliver(
      [canary.service],
      ["loki_canary_response_latency_seconds_sum", "loki_canary_response_latency_seconds_count", "loki_canary_missing_entries_total"],
    ),
    ...deliver(
      Object.keys(system.workloads).filter(name => !WITHOUT_BREAKERS.includes(name)),
      ["circuit_breaker_state"],
    ),
    ...deliver(
      Object.entries(system.workloads)
        .filter(([, { kind }]) => kind === "celery-worker")
        .map(([name]) => name),
      ["model_rollbacks_total"],
    ),
    ...deliver(
      [system.backups?.service],
      [
        "backup_first_success_timestamp_seconds",
        "backup_last_run_failed",
        "backup_last_success_timestamp_seconds",
        "backup_max_age_seconds",
        "game_day_last_success_timestamp_seconds",
        "restore_test_last_run_failed",
        "restore_test_last_success_timestamp_seconds",
      ],
    ),
  };
}
