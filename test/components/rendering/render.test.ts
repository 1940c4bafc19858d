import { manifests, rendered, type Manifest } from "./support";
import type { RenderedFile } from "../../../components/rendering/render";

let files: RenderedFile[];
let objects: Manifest[];
beforeAll(async () => {
  files = await rendered("prod");
  objects = manifests(files);
}, 60_000);

test("every object is a file of its own, under its namespace", () => {
  const paths = files.map(({ path }) => path);
  expect(new Set(paths).size).toBe(paths.length);
  expect(paths).toContain("kubernetes/ultrathink/statefulset-kafka.yaml");
  expect(paths).toContain("kubernetes/ultrathink-node/daemonset-node-exporter.yaml");
  expect(paths).toContain("kubernetes/cluster/namespace-ultrathink.yaml");
});

test("every server's configuration is there as the server reads it", () => {
  const paths = files.map(({ path }) => path);
  for (const path of [
    "files/prometheus/etc/prometheus/prometheus.yml",
    "files/prometheus/etc/prometheus/rules/kafka.yml",
    "files/alertmanager/etc/alertmanager/alertmanager.yml",
    "files/loki/etc/loki/loki.yaml",
    "files/grafana/etc/grafana/dashboards/ultrathink-kafka.json",
  ]) {
    expect(paths).toContain(path);
  }
});

test("no secret is in any file, as text or encoded", () => {
  const generated = ["generated: ", Buffer.from("generated: ").toString("base64").slice(0, 14)];
  const holding = files.filter(({ content }) => generated.some(text => content.includes(text)));
  // The authority's certificate is public, and its place is marked the same way.
  expect(holding.map(({ path }) => path).filter(path => !path.includes("configmap-") || !path.endsWith("-certificate.yaml"))).toEqual([]);
});

test("host agents alone are where Pod Security allows them, and the namespace says why", () => {
  const namespaces = objects.filter(({ kind }) => kind === "Namespace");
  const level = ({ metadata }: Manifest) => metadata.labels!["pod-security.kubernetes.io/enforce"];
  expect(Object.fromEntries(namespaces.map(namespace => [namespace.metadata.name, level(namespace)]))).toEqual({
    ultrathink: "restricted",
    "ultrathink-node": "privileged",
  });
  expect(JSON.stringify(namespaces.find(({ metadata }) => metadata.name === "ultrathink-node"))).toContain("host agents alone");
  const there = objects.filter(({ kind, metadata }) => metadata.namespace === "ultrathink-node" && /Set$|Deployment|Job/.test(kind));
  expect(there.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort()).toEqual(["DaemonSet dcgm-exporter", "DaemonSet node-exporter"]);
});

test("no ConfigMap is near the API's limit of a mebibyte", () => {
  const sizes = objects.filter(({ kind }) => kind === "ConfigMap").map(({ metadata, data }) => [metadata.name, JSON.stringify(data).length] as const);
  expect(sizes.filter(([, size]) => size > 700_000)).toEqual([]);
});

test("every object of a name that something refers to is there", () => {
  const names = new Set(objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ""} ${metadata.name}`));
  const missing = objects.flatMap(({ metadata: { namespace, name }, spec }) => {
    const template = (spec?.template ?? spec?.jobTemplate?.spec.template) as { spec: PodSpec } | undefined;
    if (!template) return [];
    const { volumes = [], serviceAccountName, priorityClassName } = template.spec;
    const wanted = [
      `ServiceAccount ${namespace} ${serviceAccountName}`,
      `PriorityClass  ${priorityClassName}`,
      ...volumes.flatMap(({ configMap, secret }) => [
        ...(configMap ? [`ConfigMap ${namespace} ${configMap.name}`] : []),
        ...(secret ? [`Secret ${namespace} ${secret.secretName}`] : []),
      ]),
    ];
    return wanted.filter(reference => !names.has(reference)).map(reference => `${name}: ${reference}`);
  });
  expect(missing).toEqual([]);
});

interface PodSpec {
  volumes?: { configMap?: { name: string }; secret?: { secretName: string } }[];
  serviceAccountName: string;
  priorityClassName: string;
}
