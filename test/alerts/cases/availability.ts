import { ultrathink } from "../../../systems/ultrathink";
import { ladder, type AlertCase, type Series } from "../case";

const up = (service: string, value: number): Series => ({
  [`up{job="ultrathink-${service}",instance="${service}:1",system="ultrathink",service="${service}"}`]: `${value}x60`,
});
const down = "{ who } does not answer: Prometheus cannot read its metrics, its probe fails, or its exporter cannot reach it.";

/** Every service's job but one. */
const allBut = (missing?: string): Series =>
  Object.assign(
    {},
    ...Object.keys(ultrathink.services)
      .filter(name => name !== missing)
      .map(name => up(name, 1)),
  );

const oneProbe = (metric: string, job: string, service: string, value: number): Series => ({
  [`${metric}{job="ultrathink-${job}",instance="${service}",system="ultrathink",service="${service}"}`]: `${value}x60`,
});

export const availability: AlertCase[] = [
  ...ladder("ServiceDown", {
    series: value => ({ ...up("mlflow", value), ...up("inference-service", 1) }),
    labels: { service: "mlflow" },
    steps: [
      [1, []],
      [0, ["critical"]],
    ],
    waits: [
      ["1m", []],
      ["3m", ["critical"]],
    ],
    text: { step: 0, severity: "critical", summary: "mlflow is down", description: down.replace("{ who }", "mlflow") },
  }),
  {
    alert: "ServiceDown",
    says: "a probe fails",
    series: oneProbe("probe_success", "zookeeper", "zookeeper", 0),
    at: "5m",
    fires: [{ severity: "critical", service: "zookeeper" }],
  },
  { alert: "ServiceDown", says: "every probe succeeds", series: oneProbe("probe_success", "zookeeper", "zookeeper", 1), at: "5m", fires: [] },
  {
    alert: "ServiceDown",
    says: "the port of Redis is open and Redis does not answer its exporter",
    series: { ...oneProbe("probe_success", "redis", "redis", 1), ...oneProbe("redis_up", "redis-exporter", "redis", 0) },
    at: "5m",
    fires: [{ severity: "critical", service: "redis" }],
  },
  {
    alert: "ServiceDown",
    says: "PostgreSQL refuses its exporter",
    series: { ...oneProbe("probe_success", "timescaledb", "timescaledb", 1), ...oneProbe("pg_up", "postgres-exporter", "timescaledb", 0) },
    at: "5m",
    fires: [{ severity: "critical", service: "timescaledb" }],
  },
  {
    alert: "ServiceDown",
    says: "only an exporter is gone",
    series: { ...up("postgres-exporter", 0), ...up("blackbox-exporter", 0) },
    at: "5m",
    fires: [],
  },
  {
    alert: "ServiceDown",
    says: "the blackbox exporter is gone, so the jobs of what it probes are",
    series: { ...up("zookeeper", 0), ...up("blackbox-exporter", 0) },
    at: "5m",
    fires: [],
  },
  ...ladder("ExporterDown", {
    series: value => ({ ...up("redis-exporter", value), ...up("redis", 1) }),
    labels: { service: "redis-exporter" },
    steps: [
      [1, []],
      [0, ["warning"]],
    ],
    waits: [
      ["1m", []],
      ["3m", ["warning"]],
    ],
    text: {
      step: 0,
      severity: "warning",
      summary: "redis-exporter is down, so part of the platform is not watched",
      description: "Prometheus cannot read redis-exporter. The platform may be well, but alerts that rest on its metrics cannot fire.",
    },
  }),
  { alert: "TargetMissing", says: "every job has its target", series: allBut(), at: "20m", fires: [] },
  { alert: "TargetMissing", says: "a target is down, and known", series: { ...allBut("mlflow"), ...up("mlflow", 0) }, at: "20m", fires: [] },
  { alert: "TargetMissing", says: "a job without target, for 5 minutes", series: allBut("risk-manager"), at: "5m", fires: [] },
  {
    alert: "TargetMissing",
    says: "a job without target",
    series: allBut("risk-manager"),
    at: "20m",
    fires: [{ severity: "warning", service: "risk-manager", job: "ultrathink-risk-manager" }],
    text: {
      severity: "warning",
      summary: "Prometheus has no target for risk-manager",
      description: "The scrape job ultrathink-risk-manager is declared and has no target, so risk-manager can be down without an alert.",
    },
  },
  ...ladder("ServiceRestarting", {
    // A life of three minutes before each restart, then one that lasts.
    series: value => ({
      'container_cpu_usage_seconds_total{system="ultrathink",service="data-service",cpu="total"}': `${"0+5x2 ".repeat(value)}0+5x60`,
    }),
    labels: { service: "data-service" },
    at: "13m",
    steps: [
      [1, []],
      [2, []],
      [3, ["warning"]],
    ],
    waits: [
      ["8m", []],
      ["12m", ["warning"]],
      ["25m", []],
    ],
    text: {
      step: 3,
      severity: "warning",
      summary: "data-service keeps restarting",
      description: "data-service restarted 3 times in 15 minutes. Fires at > 2.",
    },
  }),
];
