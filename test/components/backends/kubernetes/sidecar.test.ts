import type * as k8s from "@pulumi/kubernetes";
import type { KubernetesContext } from "../../../../components/backends/kubernetes/context";
import { controllerOf } from "../../../../components/backends/kubernetes/controllers";
import { arrowsOf, networkPolicies } from "../../../../components/backends/kubernetes/network";
import { servicesOf } from "../../../../components/backends/kubernetes/services";
import { unitsOf } from "../../../../components/backends/kubernetes/units";
import type { ServiceSpec } from "../../../../components/spec";
import { context as plain, spec, system as declared } from "./support";

type Container = k8s.types.input.core.v1.Container;

// A sidecar as backups have one: it shares the database's data and socket, and reaches a vault outside.
const external = { ...declared.external, vault: { host: "vault", port: 9000, purpose: "keeps copies" } };
const row = { cpu: 1, memory: "512M", reserved: "256M", needs: ["timescaledb"], external: ["vault"], scrape: { port: 9754 } } as const;
const system = { ...declared, external, services: { ...declared.services, keeper: { ...row, needs: [...row.needs], external: [...row.external] } } };
const context: KubernetesContext = { ...plain, system, images: { ...plain.images, keeper: "example/keeper:1.0.0" } };
const secret = { path: "/run/secrets/key", kind: "secret" as const, content: "hidden" };
const socket = (path: string) => [{ volume: "pg_socket", path }];

const database = spec("timescaledb", {
  user: 1000,
  volumes: [{ volume: "timescale", path: "/data" }],
  scratch: socket("/var/run/pg"),
  files: [secret],
});
const keeper: ServiceSpec = {
  ...{ name: "keeper", image: "keeper", user: 1000, cpu: 1, memory: "512M", reserved: "256M", needs: ["timescaledb"], external: ["vault"] },
  sidecarOf: "timescaledb",
  volumes: [{ volume: "timescale", path: "/data", readOnly: true }],
  scratch: socket("/socket"),
  files: [{ ...secret, content: "another" }],
  health: { command: ["ask-the-vault"], startup: "60s" },
  stopGrace: "300s",
};
const units = unitsOf(system, [keeper, database, spec("prometheus")]);
const unit = units.find(({ name }) => name === "timescaledb")!;

test("a sidecar is a second container of the pod, over the same claim and socket", () => {
  const { controller, files } = controllerOf(context, unit);
  const pod = (controller.args.spec as { template: { spec: k8s.types.input.core.v1.PodSpec } }).template.spec;
  const [main, beside] = pod.containers as Container[];
  const mounts = (container: Container) =>
    (container.volumeMounts as { name: string; mountPath: string }[]).map(({ name, mountPath }) => `${name} ${mountPath}`);
  expect(mounts(main!)).toEqual(["data /data", "secrets /run/secrets", "shared-pg-socket /var/run/pg", "writable-tmp /tmp"]);
  expect(mounts(beside!)).toEqual(["data /data", "keeper-secrets /run/secrets", "shared-pg-socket /socket", "keeper-writable-tmp /tmp"]);
  expect((pod.initContainers as Container[]).map(({ name }) => name)).toEqual(["secrets", "keeper-secrets"]);
  const volumes = (pod.volumes as { name: string }[]).map(({ name }) => name);
  expect(new Set(volumes).size).toBe(volumes.length);
  expect(files.map(({ secret: made }) => (made?.metadata as { name: string }).name)).toEqual(["timescaledb-secrets", "keeper-secrets"]);
});

test("what a sidecar needs takes nothing away from the service, and the pod waits for the slower of the two to stop", () => {
  const pod = (controllerOf(context, unit).controller.args.spec as { template: { spec: k8s.types.input.core.v1.PodSpec } }).template.spec;
  const beside = (pod.containers as Container[])[1]!;
  expect(beside.startupProbe).toBeUndefined();
  expect(beside.readinessProbe).toMatchObject({ httpGet: { path: "/metrics", port: 9754 } });
  expect(beside.livenessProbe).toMatchObject({ tcpSocket: { port: 9754 } });
  expect(pod.terminationGracePeriodSeconds).toBe(300);
});

test("a pod reaches what any of its containers declares, and is read on the ports of all", () => {
  const traffic = { units, jobs: [], schedules: [] };
  expect(arrowsOf(system, traffic)).toContainEqual({ from: "prometheus", to: "timescaledb", ports: [9754] });
  const policy = networkPolicies(context, traffic).find(({ metadata }) => (metadata as { name: string }).name === "timescaledb")!;
  expect(JSON.stringify((policy.spec as { egress: unknown }).egress)).toContain('"port":9000');
});

test("a sidecar is asked under its own name, whether the service beside it is ready or not", () => {
  const services = servicesOf(context, unit, true);
  expect(services.map(({ metadata }) => (metadata as { name: string }).name)).toEqual(["timescaledb", "timescaledb-headless", "keeper"]);
  expect(services[2]!.spec).toMatchObject({ selector: { app: "timescaledb" }, publishNotReadyAddresses: true, ports: [{ port: 9754 }] });
});

test("a sidecar of nothing is refused", () => {
  expect(() => unitsOf(system, [keeper])).toThrow('keeper: there is no service "timescaledb" to share a pod with; name one in sidecarOf');
});
