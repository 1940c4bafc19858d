import { parse } from "yaml";
import { dockerDiscovery } from "../../../components/backends/docker/discovery";
import { prometheusConfig } from "../../../components/observability/scrape";
import { without } from "../../../systems/declaration";
import { ultrathink } from "../../../systems/ultrathink";

interface Job {
  job_name: string;
  metrics_path?: string;
  params?: { module: string[] };
  static_configs: { targets: string[]; labels: Record<string, string> }[];
  relabel_configs?: unknown[];
  metric_relabel_configs?: unknown[];
}

const jobs = (system = ultrathink): Record<string, Job> =>
  Object.fromEntries(parse(prometheusConfig(system, dockerDiscovery(system))).scrape_configs.map((job: Job) => [job.job_name, job]));

test("every service has one job, named as the runbook's queries expect, with system and service as labels", () => {
  const found = Object.values(jobs());
  expect(found.map(({ job_name }) => job_name)).toEqual(Object.keys(ultrathink.services).map(name => `ultrathink-${name}`));
  expect(found.map(({ static_configs }) => static_configs[0]!.labels)).toEqual(
    Object.keys(ultrathink.services).map(service => ({ system: "ultrathink", service })),
  );
});

test("a service that is left out has no job", () => {
  expect(jobs(without(ultrathink, ["grafana"]))).not.toHaveProperty("ultrathink-grafana");
});

test("a service with metrics is asked itself, one without by the blackbox exporter", () => {
  expect(jobs()["ultrathink-mlflow"]).toEqual({
    job_name: "ultrathink-mlflow",
    static_configs: [{ targets: ["mlflow:5000"], labels: { system: "ultrathink", service: "mlflow" } }],
  });
  expect(jobs()["ultrathink-zookeeper"]).toEqual({
    job_name: "ultrathink-zookeeper",
    metrics_path: "/probe",
    params: { module: ["zookeeper"] },
    relabel_configs: [
      { source_labels: ["__address__"], target_label: "__param_target" },
      { source_labels: ["__param_target"], target_label: "instance" },
      { target_label: "__address__", replacement: "blackbox-exporter:9115" },
    ],
    static_configs: [{ targets: ["zookeeper:2181"], labels: { system: "ultrathink", service: "zookeeper" } }],
  });
});

test("what an exporter says belongs to the service that it exports, its own `up` to itself", () => {
  expect(jobs()["ultrathink-redis-queue-exporter"]).toMatchObject({
    static_configs: [{ labels: { service: "redis-queue-exporter" } }],
    metric_relabel_configs: [{ target_label: "service", replacement: "redis-queue" }],
  });
});

test("only cAdvisor's series are taken apart by container", () => {
  const relabeled = Object.values(jobs())
    .filter(({ metric_relabel_configs }) => metric_relabel_configs)
    .map(({ job_name }) => job_name);
  expect(relabeled).toEqual(["ultrathink-cadvisor", "ultrathink-postgres-exporter", "ultrathink-redis-exporter", "ultrathink-redis-queue-exporter"]);
});
