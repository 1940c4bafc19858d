import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { kubernetesDiscovery } from "../../../../components/backends/kubernetes/discovery";
import { alloyConfig } from "../../../../components/observability/alloy";
import { prometheusConfig } from "../../../../components/observability/scrape";
import { run } from "../../../alerts/tools";
import { relabeled, type Relabeling } from "../../../alerts/relabeling";
import { system } from "./support";

const discovery = kubernetesDiscovery(system);
interface Job {
  job_name: string;
  static_configs?: unknown[];
  kubernetes_sd_configs?: unknown[];
  relabel_configs?: { source_labels?: string[]; regex?: string; action?: string; target_label?: string; replacement?: string }[];
  metric_relabel_configs?: { source_labels?: string[]; regex?: string; target_label?: string; replacement?: string }[];
}
const jobs = Object.fromEntries(
  (parse(prometheusConfig(system, discovery)) as { scrape_configs: Job[] }).scrape_configs.map(job => [job.job_name, job]),
);
const kept = (job: Job) =>
  Object.fromEntries(
    job.relabel_configs!.filter(({ action }) => action === "keep").map(({ source_labels, regex }) => [source_labels![0]!.slice(18), regex]),
  );

test("every replica is a target, found by its container and its port", () => {
  const job = jobs["ultrathink-data-service"]!;
  expect(kept(job)).toEqual({ pod_container_name: "data-service", pod_container_port_number: "8000" });
  expect(job.relabel_configs).toContainEqual({ target_label: "service", replacement: "data-service" });
  expect(job.kubernetes_sd_configs).toEqual([{ role: "pod", namespaces: { names: ["ultrathink", "ultrathink-node"] } }]);
});

test("one of its kind is asked under its name, which MLflow looks at", () => {
  expect(jobs["ultrathink-mlflow"]).toEqual({
    job_name: "ultrathink-mlflow",
    static_configs: [{ targets: ["mlflow:5000"], labels: { system: "ultrathink", service: "mlflow" } }],
  });
});

test("an agent of every node is a target on each", () => {
  expect(kept(jobs["ultrathink-node-exporter"]!)).toEqual({ pod_container_name: "node-exporter", pod_container_port_number: "9100" });
});

test("a broker is told from its set by its pod", () => {
  expect(kept(jobs["ultrathink-kafka-2"]!)).toEqual({ pod_container_name: "kafka", pod_container_port_number: "9404", pod_name: "kafka-2" });
});

test("every job asks the API the same, so it is asked once", () => {
  const asked = Object.values(jobs).flatMap(({ kubernetes_sd_configs }) => kubernetes_sd_configs ?? []);
  expect(new Set(asked.map(config => JSON.stringify(config))).size).toBe(2);
});

test("kubelets' series get the names of the services, brokers theirs, and nobody else's are kept", () => {
  const relabeling = jobs["ultrathink-containers"]!.metric_relabel_configs!;
  expect(relabeling).toContainEqual({ source_labels: ["__name__", "namespace"], regex: "container_.+;(ultrathink|ultrathink-node)", action: "keep" });
  expect(relabeling).toContainEqual({
    source_labels: ["container", "pod"],
    regex: "kafka;(kafka-1|kafka-2|kafka-3)",
    target_label: "service",
    replacement: "$1",
  });
});

describe("what is said of an object", () => {
  const steps = jobs["ultrathink-kube-state-metrics"]!.metric_relabel_configs as Relabeling[];
  const serviceOf = (labels: Record<string, string>) =>
    relabeled({ service: "kube-state-metrics", namespace: "ultrathink", ...labels }, steps).service;

  test.each([
    // A Deployment's, also a release's candidate's.
    ["mlflow-7d9f8b6c5d-x2k4z", "mlflow"],
    ["redis-queue-exporter-5c7b9-x2k4z", "redis-queue-exporter"],
    ["inference-service-next-7d9f8b6c5d-x2k4z", "inference-service"],
    // A set's, of one and of many.
    ["redis-queue-0", "redis-queue"],
    ["zookeeper-3", "zookeeper"],
    ["kafka-2", "kafka-2"],
    // A node's.
    ["node-exporter-x2k4z", "node-exporter"],
    ["dcgm-exporter-x2k4z", "dcgm-exporter"],
    // A task's, and one's that the clock started.
    ["timescaledb-schema-1a2b3c4d5e-x2k4z", "timescaledb-schema"],
    ["kafka-topics-0123456789-x2k4z", "kafka-topics"],
    ["checkpoint-cleanup-29387460-x2k4z", "checkpoint-cleanup"],
  ])("the pod %s is of %s", (pod, service) => {
    expect(serviceOf({ pod })).toBe(service);
  });

  test("every service's and task's pod is known by its name, however long a hash is", () => {
    const names = [...Object.keys(system.services), ...system.scheduler!.jobs.map(({ name }) => name)];
    const made = ["-x2k4z", "-0", "-7d9f8-x2k4z", "-7d9f8b6c5d-x2k4z", "-29387460-x2k4z", "-0123456789-x2k4z"];
    const wrong = names.flatMap(name => made.map(end => [`${name}${end}`, name])).filter(([pod, name]) => serviceOf({ pod: pod! }) !== name);
    expect(wrong).toEqual([]);
  });

  test("a series about a container is of the container's service, a broker's of the broker", () => {
    expect(serviceOf({ pod: "timescaledb-0", container: "timescaledb" })).toBe("timescaledb");
    expect(serviceOf({ pod: "timescaledb-0", container: "backup" })).toBe("backup");
    expect(serviceOf({ pod: "kafka-2", container: "kafka" })).toBe("kafka-2");
  });

  test.each([
    [{ deployment: "inference-service-next" }, "inference-service"],
    [{ horizontalpodautoscaler: "data-service" }, "data-service"],
    [{ statefulset: "kafka" }, "kafka"],
    [{ poddisruptionbudget: "zookeeper" }, "zookeeper"],
    [{ job_name: "kafka-topics-1a2b3c4d5e" }, "kafka-topics"],
    [{ job_name: "health-report-29387460" }, "health-report"],
    [{ persistentvolumeclaim: "data-redis-queue-0" }, "redis-queue"],
    [{ persistentvolumeclaim: "log-zookeeper-2" }, "zookeeper"],
    [{ persistentvolumeclaim: "data-kafka-1" }, "kafka-1"],
  ] as [Record<string, string>, string][])("%j is of %s", (labels, service) => {
    expect(serviceOf(labels)).toBe(service);
  });

  test("a replica that comes back under its name goes on under it", () => {
    expect(relabeled({ pod: "kafka-2", uid: "1" }, steps)).toEqual({ pod: "kafka-2", service: "kafka-2" });
  });
});

test("Prometheus takes the configuration", () => {
  const folder = mkdtempSync(join(tmpdir(), "t-scrape-"));
  try {
    writeFileSync(join(folder, "prometheus.yml"), prometheusConfig(system, discovery));
    expect(run("promtool", ["check", "config", "--syntax-only", join(folder, "prometheus.yml")])).toMatchObject({ code: 0 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("the log agent reads through the API, with neither root nor a path of the host", () => {
  expect(discovery.logs.agent).toEqual({ user: 473, asks: ["pods", "pod-logs"] });
  const config = alloyConfig(system, discovery.logs);
  expect(config).toContain('loki.source.kubernetes "containers"');
  expect(config).toContain('regex         = "kafka;(kafka-1|kafka-2|kafka-3)"');
  expect(config).not.toContain("docker");
});
