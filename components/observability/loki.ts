import { stringify } from "yaml";
import { seconds, type System } from "../../systems/declaration";
import { fromRow } from "../resources";
import type { ServiceSpec } from "../spec";
import { dataVolume, metricsPort } from "./environment";

const CONFIG = "/etc/loki/loki.yaml";
const DATA = "/loki";

/** loki.yaml: one process, files on disk, retention that really deletes. */
export function lokiConfig(system: System): string {
  const { service, retention } = system.observability.loki;
  return stringify(
    {
      auth_enabled: false,
      analytics: { reporting_enabled: false },
      server: { http_listen_port: metricsPort(system, service), log_level: "warn" },
      common: {
        path_prefix: DATA,
        instance_addr: "127.0.0.1",
        replication_factor: 1,
        ring: { kvstore: { store: "inmemory" } },
        storage: { filesystem: { chunks_directory: `${DATA}/chunks`, rules_directory: `${DATA}/rules` } },
      },
      schema_config: {
        configs: [{ from: "2025-01-01", store: "tsdb", object_store: "filesystem", schema: "v13", index: { prefix: "index_", period: "24h" } }],
      },
      // Without these two the compactor only compacts, and nothing is ever deleted.
      compactor: { working_directory: `${DATA}/compactor`, retention_enabled: true, delete_request_store: "filesystem" },
      limits_config: {
        retention_period: `${seconds(retention) / 3600}h`,
        // The log agent sets every label; Loki is not to guess more of them.
        discover_service_name: [],
        discover_log_levels: false,
        // The whole platform is one tenant, and its start comes as a burst.
        ingestion_rate_mb: 8,
        ingestion_burst_size_mb: 16,
        max_query_parallelism: 4,
      },
      // Sized for 1G: what is replayed after a crash, what is cached, how much is asked at once.
      // Alone in its ring, it has nobody whose handover it must wait for before it is ready.
      ingester: { lifecycler: { min_ready_duration: "0s" }, wal: { replay_memory_ceiling: "256MB" } },
      querier: { max_concurrent: 2 },
      query_range: { results_cache: { cache: { embedded_cache: { enabled: true, max_size_mb: 64 } } } },
    },
    { lineWidth: 0 },
  );
}

/** Loki: every container's log lines. */
export function lokiSpec(system: System): ServiceSpec {
  const { service } = system.observability.loki;
  return {
    ...fromRow(system, service),
    entrypoint: ["/usr/bin/loki"],
    command: [`-config.file=${CONFIG}`],
    user: 10001,
    files: [{ path: CONFIG, kind: "loki", content: lokiConfig(system) }],
    volumes: [{ volume: dataVolume(system, service), path: DATA }],
    // The image has no shell; Loki asks itself.
    health: { command: ["/usr/bin/loki", "-health", `-health.url=http://localhost:${metricsPort(system, service)}/ready`], startup: "120s" },
    stopGrace: "60s",
  };
}
