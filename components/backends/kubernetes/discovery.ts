import { scaleOf, type System } from "../../../systems/declaration";
import type { Discovery, ObjectSource } from "../../discovery";
import { OBJECTS } from "./access";
import { namespaces } from "./security";
import { trackName } from "./tracks";
import { groupOf } from "./units";

const TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token";
const CLUSTER_CA = "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt";

interface Relabeling {
  source_labels?: string[];
  regex?: string;
  target_label?: string;
  replacement?: string;
  action?: "replace" | "keep" | "drop" | "labeldrop";
}

/** Names of a service's container and, where it is one of a group's replicas, of its pod. */
function placeOf(system: System, service: string): { container: string; pod?: string } {
  const group = groupOf(system, service);
  return group ? { container: group, pod: service } : { container: service };
}

/** All jobs ask the API the same question, so Prometheus asks it once. */
const pods = (system: System) => [{ role: "pod", namespaces: { names: Object.keys(namespaces(system)) } }];

/** Whether a service has more than one pod, now or by load. */
function hasReplicas(system: System, service: string): boolean {
  const { min, max } = scaleOf(system, service);
  return min > 1 || max !== undefined || system.services[service]?.onEvery !== undefined || groupOf(system, service) !== undefined;
}

/**
 * Every replica of a service is a target of its own: behind the Service's address they would take turns, and counters would jump. One of its kind is
 * asked under its name, since a server may look at who it is called: MLflow answers to no address.
 */
function targets(system: System, service: string, port: number, labels: Record<string, string>) {
  if (!hasReplicas(system, service)) return { static_configs: [{ targets: [`${service}:${port}`], labels }] };
  const { container, pod } = placeOf(system, service);
  const keep = (label: string, regex: string): Relabeling => ({ source_labels: [`__meta_kubernetes_${label}`], regex, action: "keep" });
  return {
    kubernetes_sd_configs: pods(system),
    relabel_configs: [
      keep("pod_container_name", container),
      keep("pod_container_port_number", String(port)),
      ...(pod ? [keep("pod_name", pod)] : []),
      // A task of the same image that has ended is no target.
      { source_labels: ["__meta_kubernetes_pod_phase"], regex: "Succeeded|Failed", action: "drop" },
      { source_labels: ["__meta_kubernetes_pod_name"], target_label: "instance" },
      ...Object.entries(labels).map(([target_label, replacement]) => ({ target_label, replacement })),
    ] satisfies Relabeling[],
  };
}

/** Group members share their container's name, so their pods tell which is which. */
const memberOf = (system: System) => Object.entries(system.groups).map(([group, members]) => ({ group, pods: members.join("|") }));

/** The kubelet of each node measures its containers; their series belong to the services. */
function containerJob(system: System) {
  const own = Object.keys(namespaces(system)).join("|");
  const container = "container_.+";
  return {
    job_name: `${system.name}-containers`,
    scheme: "https",
    metrics_path: "/metrics/cadvisor",
    authorization: { credentials_file: TOKEN },
    // Kubelets sign their own certificates in most clusters; the token is what tells them who asks.
    tls_config: { ca_file: CLUSTER_CA, insecure_skip_verify: true },
    kubernetes_sd_configs: [{ role: "node" }],
    relabel_configs: [
      { target_label: "system", replacement: system.name },
      { source_labels: ["__meta_kubernetes_node_name"], target_label: "instance" },
    ] satisfies Relabeling[],
    metric_relabel_configs: [
      { source_labels: ["__name__", "namespace"], regex: `${container};(${own})`, action: "keep" },
      { source_labels: ["container"], regex: "|POD", action: "drop" },
      { source_labels: ["container"], target_label: "service" },
      ...memberOf(system).map(member => ({
        source_labels: ["container", "pod"],
        regex: `${member.group};(${member.pods})`,
        target_label: "service",
        replacement: "$1",
      })),
      // They change with every new container; without them a service's counters go on under one name.
      { regex: "id|image|name", action: "labeldrop" },
    ] satisfies Relabeling[],
  };
}

/** What Kubernetes makes names of: no vowels, so that they are no words. */
const MADE_UP = "[bcdfghjklmnpqrstvwxz2456789]";
/** What a roll-out, a change of a task's declaration, and the clock put behind a name. */
const RUN = `-(?:${MADE_UP}{5,10}|[0-9a-f]{10}|\\d{8})`;

/** What ends the name of a release's candidate, which is of the same service. */
const NEXT = trackName("", "candidate");

/** The service in the name of an object, by the label that names it. */
const serviceIn: Record<string, string> = {
  deployment: `(.+?)(?:${NEXT})?`,
  horizontalpodautoscaler: `(.+?)(?:${NEXT})?`,
  statefulset: "(.+)",
  poddisruptionbudget: "(.+)",
  persistentvolumeclaim: "[^-]+-(.+)-\\d+",
  job_name: `(.+?)${RUN}`,
  pod: `(.+?)(?:${NEXT})?(?:${RUN})?-(?:${MADE_UP}{5}|\\d+)`,
  // A sidecar's own name, where a series is about a container.
  container: "(.+)",
};

/** The objects of the two namespaces, each with the service that it is part of. */
function objects(system: System): ObjectSource {
  const service = (source_labels: string[], regex: string): Relabeling => ({ source_labels, regex, target_label: "service" });
  return {
    namespaces: Object.keys(namespaces(system)),
    resources: Object.values(OBJECTS).flat(),
    relabeling: [
      ...Object.entries(serviceIn).map(([label, regex]) => service([label], regex)),
      ...memberOf(system).flatMap(({ group, pods }) => [
        service(["container", "pod"], `(?:${group})?;(${pods})`),
        service(["persistentvolumeclaim"], `[^-]+-(${pods})`),
      ]),
      // A replica that comes back under its name goes on under it.
      { regex: "uid", action: "labeldrop" },
    ] satisfies Relabeling[],
  };
}

/** The API server hands the log agent every line of the two namespaces: so it needs neither root nor a path of the host. */
const logComponents = (system: System) => `discovery.kubernetes "pods" {
  role = "pod"

  namespaces {
    names = [${Object.keys(namespaces(system))
      .map(name => `"${name}"`)
      .join(", ")}]
  }
}

discovery.relabel "containers" {
  targets = discovery.kubernetes.pods.targets

  rule {
    source_labels = ["__meta_kubernetes_pod_container_name"]
    target_label  = "service"
  }
${memberOf(system)
  .map(
    member => `
  rule {
    source_labels = ["__meta_kubernetes_pod_container_name", "__meta_kubernetes_pod_name"]
    regex         = "${member.group};(${member.pods})"
    target_label  = "service"
  }
`,
  )
  .join("")}
  // The API does not tell the two streams apart.
  rule {
    target_label = "stream"
    replacement  = "stdout"
  }
}

loki.source.kubernetes "containers" {
  targets    = discovery.relabel.containers.output
  forward_to = [loki.process.containers.receiver]
}
`;

const logStages = `  // The line as it is.
  stage.regex {
    expression = "(?s)^(?P<line>.*)$"
  }
`;

/** User of the log agent where it reads nothing of the host. */
const LOG_AGENT_USER = 473;

/** What runs is known to the API server, and what containers use to the kubelets. */
export function kubernetesDiscovery(system: System): Discovery {
  return {
    targets: (service, port, labels) => targets(system, service, port, labels),
    containerJobs: [containerJob(system)],
    objects: objects(system),
    logs: {
      components: logComponents(system),
      stages: logStages,
      drop: ["instance", "job"],
      agent: { user: LOG_AGENT_USER, asks: ["pods", "pod-logs"] },
    },
  };
}
