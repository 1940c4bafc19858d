import { ladder, type AlertCase, type Fired } from "../case";

const both: Fired["severity"][] = ["warning", "critical"];

export const data: AlertCase[] = [
  ...ladder("DatabaseConnectionsHigh", {
    series: count => ({
      'pg_stat_activity_count{system="ultrathink",service="timescaledb",datname="ultrathink_experiments",state="active",usename="ultrathink_app"}': `${count - 100}x60`,
      'pg_stat_activity_count{system="ultrathink",service="timescaledb",datname="mlflow_tracking",state="idle",usename="mlflow_tracking"}': "100x60",
      'pg_settings_max_connections{system="ultrathink",service="timescaledb",server="timescaledb:5432"}': "200x60",
    }),
    labels: { service: "timescaledb" },
    steps: [
      [159, []],
      [160, ["warning"]],
      [161, ["warning"]],
      [189, ["warning"]],
      [190, both],
      [191, both],
    ],
    waits: [
      ["4m", []],
      ["6m", ["critical"]],
      ["11m", both],
    ],
    text: {
      step: 161,
      severity: "warning",
      summary: "timescaledb has 80.5% of its connections in use",
      description: "80.5% of max_connections on timescaledb are taken; at 100 % services are refused. Fires at >= 80%.",
    },
  }),
  ...ladder("RedisMemoryHigh", {
    series: percent => ({
      'redis_memory_used_bytes{system="ultrathink",service="redis"}': `${percent * 20_000_000}x60`,
      'redis_memory_max_bytes{system="ultrathink",service="redis"}': "2000000000x60",
    }),
    labels: { service: "redis" },
    steps: [
      [79, []],
      [80, ["warning"]],
      [81, ["warning"]],
      [94, ["warning"]],
      [95, both],
      [100, both],
    ],
    waits: [
      ["4m", []],
      ["6m", ["critical"]],
      ["11m", both],
    ],
    text: {
      step: 81,
      severity: "warning",
      summary: "redis uses 81% of maxmemory",
      description: "redis holds 81% of its maxmemory; when full it evicts keys, or refuses writes where its policy is noeviction. Fires at >= 80%.",
    },
  }),
  {
    alert: "RedisMemoryHigh",
    says: "a Redis without maxmemory",
    series: {
      'redis_memory_used_bytes{system="ultrathink",service="redis"}': "5x60",
      'redis_memory_max_bytes{system="ultrathink",service="redis"}': "0x60",
    },
    at: "20m",
    fires: [],
  },
  ...ladder("RedisEvictionsHigh", {
    series: perSecond => ({ 'redis_evicted_keys_total{system="ultrathink",service="redis"}': `0+${perSecond * 60}x60` }),
    labels: { service: "redis" },
    steps: [
      [999, []],
      [1000, []],
      [1001, ["warning"]],
    ],
    waits: [
      ["9m", []],
      ["17m", ["warning"]],
    ],
    text: {
      step: 1001,
      severity: "warning",
      summary: "redis evicts 1.001k keys a second",
      description: "redis throws away 1.001k keys a second to stay inside maxmemory; services miss their cache. Fires at > 1000.",
    },
  }),
];
