import { present, type PageOf } from "../page";
import { logs, stat, timeseries } from "../panel";
import { matching, ofServices, promql, type Query } from "../query";

/** Every Redis of the system side by side. */
export const redis: PageOf = system => {
  const services = present(system, ...Object.keys(system.redis));
  if (services.length === 0) return undefined;
  const all = matching(system, ofServices(services));
  const { redisMemory, redisEvictionsPerSecond } = system.alerting.thresholds;
  const perSecond = (metric: string, legend = "{{service}}"): Query => promql(`sum by (service) (rate(${metric}${all}[$__rate_interval]))`, legend);
  const hits = perSecond("redis_keyspace_hits_total").text;
  const misses = perSecond("redis_keyspace_misses_total").text;
  return {
    slug: "redis",
    title: "Redis",
    rows: [
      {
        title: "Now",
        panels: services.flatMap(service => {
          const one = matching(system, ofServices([service]));
          return [
            stat(`${service}: exporter reaches it`, "bool_yes_no", promql(`min(redis_up${one})`), {
              alert: "ServiceDown",
              threshold: { critical: "< 1" },
            }),
            stat(
              `${service}: memory of maxmemory`,
              "percentunit",
              promql(`max(redis_memory_used_bytes${one} / (redis_memory_max_bytes${one} > 0))`),
              {
                threshold: redisMemory,
                alert: "RedisMemoryHigh",
              },
            ),
          ];
        }),
      },
      {
        title: "Memory and keys",
        panels: [
          timeseries(
            "Memory of maxmemory",
            "percentunit",
            promql(`max by (service) (redis_memory_used_bytes${all} / (redis_memory_max_bytes${all} > 0))`, "{{service}}"),
            {
              threshold: redisMemory,
              alert: "RedisMemoryHigh",
            },
          ),
          timeseries("Evictions", "ops", perSecond("redis_evicted_keys_total"), { threshold: redisEvictionsPerSecond, alert: "RedisEvictionsHigh" }),
          timeseries("Keys", "short", promql(`sum by (service) (redis_db_keys${all})`, "{{service}}")),
          timeseries("Memory fragmentation", "short", promql(`max by (service) (redis_mem_fragmentation_ratio${all})`, "{{service}}")),
        ],
      },
      {
        title: "Load",
        panels: [
          timeseries("Commands", "ops", perSecond("redis_commands_processed_total")),
          timeseries("Reads that find their key", "percentunit", promql(`${hits} / (${hits} + ${misses})`, "{{service}}")),
          timeseries("Clients", "short", [
            promql(`sum by (service) (redis_connected_clients${all})`, "connected to {{service}}"),
            promql(`sum by (service) (redis_blocked_clients${all})`, "waiting in {{service}}"),
          ]),
          timeseries("Changes since the last save", "short", promql(`sum by (service) (redis_rdb_changes_since_last_save${all})`, "{{service}}"), {
            description: "Grows without end in a cache, which is never saved.",
          }),
        ],
      },
      { title: "Logs", panels: [logs(system, services)] },
    ],
  };
};
