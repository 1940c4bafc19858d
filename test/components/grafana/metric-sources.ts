import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { jmxConfig } from "../../../components/kafka/jmx";
import { metricSources } from "../../../components/observability/metrics";
import type { System } from "../../../systems/declaration";
import { parse } from "yaml";

const WORKLOADS = join(__dirname, "../../../workloads");

/** Series that the reference workload's source defines: a histogram as its three. */
function workloadMetrics(): string[] {
  const files = readdirSync(WORKLOADS, { recursive: true, encoding: "utf8" }).filter(file => file.endsWith(".py") && !file.startsWith("tests"));
  return files.flatMap(file =>
    [...readFileSync(join(WORKLOADS, file), "utf8").matchAll(/\b(Counter|Gauge|Histogram)\(\s*"(\w+)"/g)].flatMap(([, type, name]) =>
      type === "Histogram" ? ["_bucket", "_sum", "_count"].map(suffix => `${name}${suffix}`) : [name!],
    ),
  );
}

/** Series that the JMX agent makes of the beans that its configuration reads, by the rules' own patterns. */
function brokerMetrics(): string[] {
  const { includeObjectNames, rules } = parse(jmxConfig()) as { includeObjectNames: string[]; rules: { pattern: string; name: string }[] };
  return includeObjectNames.flatMap(bean => {
    const [domain, properties] = bean.split(":") as [string, string];
    const subject = ["Value", "Count"].map(attribute => `${domain}<${properties.replaceAll(",", ", ").replace("*", "any")}><>${attribute}`);
    return subject.flatMap(text => {
      for (const { pattern, name } of rules) {
        const match = new RegExp(`^${pattern}$`).exec(text);
        if (match) return [name.replace(/\$(\d)/g, (_, group: string) => match[Number(group)]!).toLowerCase()];
      }
      return [];
    });
  });
}

/** Names that exporters serve beside those that alerts read, checked against their expositions or their sources. */
const exported = (system: System): [string | undefined, string[]][] => {
  const { exporters, prometheus, alertmanager, loki } = system.observability;
  return [
    [
      exporters.node,
      [
        "node_boot_time_seconds",
        "node_cpu_seconds_total",
        "node_disk_io_time_seconds_total",
        "node_load1",
        "node_memory_MemAvailable_bytes",
        "node_memory_MemTotal_bytes",
      ],
    ],
    [exporters.blackbox, ["probe_duration_seconds"]],
    [exporters.cadvisor, ["container_oom_events_total"]],
    [exporters.gpu, ["DCGM_FI_DEV_GPU_TEMP", "DCGM_FI_DEV_GPU_UTIL", "DCGM_FI_DEV_POWER_USAGE", "DCGM_FI_DEV_XID_ERRORS"]],
    [
      exporters.postgres.service,
      [
        "pg_database_size_bytes",
        "pg_locks_count",
        "pg_stat_database_blks_hit",
        "pg_stat_database_blks_read",
        "pg_stat_database_deadlocks",
        "pg_stat_database_xact_commit",
        "pg_stat_database_xact_rollback",
      ],
    ],
    ...exporters.redis.map(({ service }): [string, string[]] => [
      service,
      [
        "redis_blocked_clients",
        "redis_commands_processed_total",
        "redis_connected_clients",
        "redis_db_keys",
        "redis_keyspace_hits_total",
        "redis_keyspace_misses_total",
        "redis_mem_fragmentation_ratio",
        "redis_rdb_changes_since_last_save",
      ],
    ]),
    [exporters.kafka, ["kafka_consumergroup_members", "kafka_topic_partition_current_offset", "kafka_topic_partition_in_sync_replica"]],
    [system.kafka?.brokers[0], ["jvm_memory_bytes_used", ...brokerMetrics()]],
    [system.mlflow?.service, ["mlflow_http_request_duration_seconds_bucket", "mlflow_http_request_total"]],
    [
      prometheus.service,
      [
        "ALERTS",
        "scrape_duration_seconds",
        "prometheus_notifications_dropped_total",
        "prometheus_rule_evaluation_failures_total",
        "prometheus_tsdb_head_samples_appended_total",
        "prometheus_tsdb_head_series",
        "prometheus_tsdb_storage_blocks_bytes",
      ],
    ],
    [alertmanager.service, ["alertmanager_alerts", "alertmanager_notifications_failed_total", "alertmanager_notifications_total"]],
    [loki.service, ["loki_distributor_bytes_received_total", "loki_distributor_lines_received_total", "loki_request_duration_seconds_bucket"]],
    [system.backups?.service, ["backup_failures_total", "backup_last_duration_seconds", "backup_last_size_bytes"]],
    [system.scheduler?.service, ["supercronic_executions", "supercronic_failed_executions"]],
    [Object.keys(system.workloads)[0], workloadMetrics()],
  ];
};

/** Every metric that a declared service of the system serves. */
export function servedMetrics(system: System): Set<string> {
  const scraped = (service: string | undefined) => service !== undefined && system.services[service]?.scrape !== undefined;
  // What workloads serve is read from their source, not from a list.
  const byAlerts = Object.entries(metricSources(system)).flatMap(([metric, services]) =>
    services.some(service => scraped(service) && !system.workloads[service]) ? [metric] : [],
  );
  return new Set([...byAlerts, ...exported(system).flatMap(([service, metrics]) => (scraped(service) ? metrics : []))]);
}
