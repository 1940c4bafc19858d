import { thresholdRules, type Family } from "./rule";

/** TimescaleDB and Redis. */
export const data: Family = system => {
  const { databaseConnections, redisMemory, redisEvictionsPerSecond } = system.alerting.thresholds;
  return [
    ...(system.database
      ? // The sides carry different labels (one series per database and state, one per server), hence the sums.
        thresholdRules(system, databaseConnections, {
          name: "DatabaseConnectionsHigh",
          expr: comparison =>
            `sum by (system, service) (pg_stat_activity_count) / max by (system, service) (pg_settings_max_connections) ${comparison}`,
          summary: "{{ $labels.service }} has {{ $value | humanizePercentage }} of its connections in use",
          description: "{{ $value | humanizePercentage }} of max_connections on {{ $labels.service }} are taken; at 100 % services are refused.",
        })
      : []),
    ...thresholdRules(system, redisMemory, {
      name: "RedisMemoryHigh",
      expr: comparison => `max by (system, service) (redis_memory_used_bytes / (redis_memory_max_bytes > 0)) ${comparison}`,
      summary: "{{ $labels.service }} uses {{ $value | humanizePercentage }} of maxmemory",
      description:
        "{{ $labels.service }} holds {{ $value | humanizePercentage }} of its maxmemory; when full it evicts keys, or refuses writes where its policy is noeviction.",
    }),
    ...thresholdRules(system, redisEvictionsPerSecond, {
      name: "RedisEvictionsHigh",
      expr: comparison => `sum by (system, service) (rate(redis_evicted_keys_total[5m])) ${comparison}`,
      summary: "{{ $labels.service }} evicts {{ $value | humanize }} keys a second",
      description: "{{ $labels.service }} throws away {{ $value | humanize }} keys a second to stay inside maxmemory; services miss their cache.",
    }),
  ];
};
