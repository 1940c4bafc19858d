import { goPrograms, mavenJars, pythonPackages, pythonProgram, type Artifact } from "./artifacts";
import { kubernetesSchemas } from "./kubernetes-schemas/artifact";
import lock from "../../images.lock.json";
import { tagged } from "../../ops/image-reference";

const PROMETHEUS_VERSION = "github.com/prometheus/common/version.Version";

const prometheus = goPrograms({
  name: "prometheus",
  packages: { "github.com/prometheus/prometheus/cmd/prometheus": "prometheus", "github.com/prometheus/prometheus/cmd/promtool": "promtool" },
  variables: { [PROMETHEUS_VERSION]: "3.7.3" },
  seconds: 300,
});
const alertmanager = goPrograms({
  name: "alertmanager",
  packages: { "github.com/prometheus/alertmanager/cmd/alertmanager": "alertmanager", "github.com/prometheus/alertmanager/cmd/amtool": "amtool" },
  variables: { [PROMETHEUS_VERSION]: "0.29.0" },
  seconds: 30,
});
const loki = goPrograms({
  name: "loki",
  packages: { "github.com/grafana/loki/v3/cmd/loki": "loki", "github.com/grafana/loki/v3/cmd/loki-canary": "loki-canary" },
  variables: { "github.com/grafana/loki/v3/pkg/util/build.Version": "3.7.7" },
  seconds: 220,
});
const alloy = goPrograms({
  name: "alloy",
  packages: { ".": "alloy", "github.com/grafana/loki/v3/clients/cmd/promtail": "promtail" },
  seconds: 200,
});
const versitygw = goPrograms({
  name: "object-store",
  packages: { "github.com/versity/versitygw/cmd/versitygw": "versitygw" },
  variables: { "main.Version": "v1.8.0" },
  seconds: 40,
});
const nodeExporter = goPrograms({
  name: "node-exporter",
  packages: { "github.com/prometheus/node_exporter": "node_exporter" },
  variables: { [PROMETHEUS_VERSION]: "1.9.1" },
  seconds: 25,
});
const cadvisor = goPrograms({ name: "cadvisor", packages: { ".": "cadvisor" }, seconds: 15 });
const kafkaExporter = goPrograms({ name: "kafka-exporter", packages: { ".": "kafka_exporter" }, seconds: 20 });
const supercronic = goPrograms({
  name: "supercronic",
  packages: { "github.com/aptible/supercronic": "supercronic" },
  variables: { "main.Version": "v0.2.48" },
  seconds: 10,
});
const compose = goPrograms({
  name: "compose",
  packages: { "github.com/docker/compose/v2/cmd": "docker-compose" },
  variables: { "github.com/docker/compose/v2/internal.Version": "v2.39.4" },
  seconds: 150,
});
// What judges Kubernetes objects; none of it goes into an image.
const kubeconform = goPrograms({ name: "kubeconform", packages: { "github.com/yannh/kubeconform/cmd/kubeconform": "kubeconform" }, seconds: 10 });
const kubeScore = goPrograms({ name: "kube-score", packages: { "github.com/zegl/kube-score/cmd/kube-score": "kube-score" }, seconds: 90 });
const checkov = pythonProgram("checkov", "checkov.main", 60);
// AWS' control plane, for tests: buckets, keys and roles, in memory.
const moto = pythonProgram("moto", "moto.server", 40);
// An image registry, for tests: in memory, over plain HTTP.
const registry = goPrograms({
  name: "registry",
  packages: { "github.com/google/go-containerregistry/cmd/registry": "registry" },
  seconds: 25,
});

/** How one image is made: a Dockerfile in the folder of the same name, and what it copies from elsewhere. */
export interface Recipe {
  name: string;
  tag: string;
  /** Copied by the Dockerfile from `artifacts/`. */
  artifacts: Artifact[];
  /** Folders of the checkout that the Dockerfile copies under their own path. */
  sources: string[];
  /** Roughly how long `docker build` takes the first time on 2 cores, in seconds. */
  seconds: number;
}

/** Images that others start from; no service runs one. Without a Dockerfile: see base.ts. */
const bases: Recipe[] = (
  [
    ["debian", 45],
    ["busybox", 10],
    ["debian-exporters", 20],
    ["python", 30],
  ] as const
).map(([name, seconds]) => ({ name, tag: `ultrathink-sandbox/${name}:trixie`, artifacts: [], sources: [], seconds }));

function service(name: keyof typeof lock, seconds: number, artifacts: Artifact[] = [], sources: string[] = []): Recipe {
  return { name, tag: tagged(lock[name]), artifacts, sources, seconds };
}

/** Every image of the sandbox; each after those that it starts from. */
export const RECIPES: readonly Recipe[] = [
  ...bases,
  service("redis", 15),
  service("timescaledb", 60),
  service("kafka", 60, [mavenJars("kafka", 30)]),
  service("zookeeper", 2),
  service("object-store", 3, [versitygw]),
  service("mlflow", 30, [pythonPackages("mlflow", "sandbox/images/mlflow/requirements.txt", 60)]),
  service("workloads", 20, [pythonPackages("workloads", "workloads/requirements.txt", 30), supercronic], ["workloads"]),
  service("backup", 40, [pythonPackages("backup", "backups/requirements.txt", 30), supercronic], ["backups"]),
  service("node-exporter", 2, [nodeExporter]),
  service("postgres-exporter", 2),
  service("redis-exporter", 2),
  service("blackbox-exporter", 2),
  service("kafka-exporter", 2, [kafkaExporter]),
  service("cadvisor", 2, [cadvisor]),
  service("alertmanager", 3, [alertmanager]),
  service("alloy", 5, [alloy]),
  service("loki", 5, [loki]),
  service("loki-canary", 3, [loki]),
  service("prometheus", 5, [prometheus]),
];

/** Programs that tests and benchmarks run on the host itself, by name. */
export const TOOLS = {
  "docker-compose": compose,
  promtool: prometheus,
  amtool: alertmanager,
  loki,
  supercronic,
  kubeconform,
  "kube-score": kubeScore,
  checkov,
  moto,
  registry,
  "kubernetes-schemas": kubernetesSchemas,
} as const satisfies Record<string, Artifact>;
export type ToolName = keyof typeof TOOLS;
