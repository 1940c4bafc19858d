import type * as k8s from "@pulumi/kubernetes";
import { seconds, tierOf } from "../../../systems/declaration";
import type { JobSpec, ScheduleSpec, ServiceSpec } from "../../spec";
import { tokenVolume } from "./access";
import { imageOf, type KubernetesContext } from "./context";
import { lowerFiles, SECRETS, type FileSets, type LoweredFiles } from "./files";
import { gpuAffinity, gpuResources, gpuToleration } from "./gpu";
import { CHECKSUM, podLabels } from "./labels";
import { portsOf } from "./ports";
import { probesOf } from "./probes";
import { memoryQuantity, resourcesOf } from "./quantities";
import { containerSecurity, podSecurity, userOf } from "./security";

type Container = k8s.types.input.core.v1.Container;
type Volume = k8s.types.input.core.v1.Volume;
type VolumeMount = k8s.types.input.core.v1.VolumeMount;

/** Time that the load balancers of the cluster have to forget a pod before it stops to answer, in seconds. */
const DRAIN_SECONDS = 10;

/** What runs in one pod: a service with its sidecars, or a task. */
export interface PodSpec {
  /** Name of the pod's controller: the service's, or its group's. */
  name: string;
  namespace: string;
  main: ServiceSpec | JobSpec | ScheduleSpec;
  /** Files of the main container by replica, where replicas differ. */
  fileSets: FileSets;
  /** Names of the claims that its data volumes come from, by key of the system's `volumes`. */
  claims: Record<string, string>;
  restartPolicy?: "Never";
}

const isService = (spec: PodSpec["main"]): spec is ServiceSpec => "health" in spec;

/** Name of a volume for a path: a volume's name may hold no slash. */
const volumeName = (prefix: string, path: string) => `${prefix}${path.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`.replace(/-$/, "");

/** Places that a container may write to although its root is read-only: in memory where the declaration gives a size, else on the node's disk. */
function scratch(spec: PodSpec["main"]): { volumes: Volume[]; mounts: VolumeMount[] } {
  const inMemory = Object.entries({ ...spec.tmpfs, ...(spec.sharedMemory ? { "/dev/shm": spec.sharedMemory } : {}) });
  const onDisk = ["/tmp", ...(spec.writes ?? [])].filter(path => !inMemory.some(([taken]) => taken === path));
  const places = [
    ...inMemory.map(([path, size]) => ({ path, emptyDir: { medium: "Memory", sizeLimit: memoryQuantity(size) } })),
    ...onDisk.map(path => ({ path, emptyDir: { sizeLimit: "256Mi" } })),
  ];
  return {
    volumes: places.map(({ path, emptyDir }) => ({ name: volumeName("writable", path), emptyDir })),
    mounts: places.map(({ path }) => ({ name: volumeName("writable", path), mountPath: path })),
  };
}

function hostPaths(spec: PodSpec["main"]): { volumes: Volume[]; mounts: VolumeMount[] } {
  const paths = isService(spec) ? (spec.hostPaths ?? []) : [];
  return {
    volumes: paths.map(({ host, path }) => ({ name: volumeName("host", path), hostPath: { path: host, type: "Directory" } })),
    mounts: paths.map(({ path }) => ({ name: volumeName("host", path), mountPath: path, readOnly: true, mountPropagation: "HostToContainer" })),
  };
}

/** A row of /etc/passwd for an image whose program must find its own user there. */
function account(spec: PodSpec["main"]): string | undefined {
  if (!spec.account) return undefined;
  const id = userOf(spec.user);
  return `root:x:0:0:root:/:/sbin/nologin\n${spec.account}:x:${id}:${id}::/tmp:/bin/sh\n`;
}

/** A program that ends on another signal than SIGTERM is asked by it first, and Kubernetes waits for this hook within the same grace. */
function lifecycle(spec: ServiceSpec): { hook?: k8s.types.input.core.v1.Lifecycle; extra: number } {
  if (spec.stopSignal) {
    const script = `kill -${spec.stopSignal.replace("SIG", "")} 1 && while kill -0 1 2>/dev/null; do sleep 1; done`;
    return { hook: { preStop: { exec: { command: ["sh", "-c", script] } } }, extra: 0 };
  }
  // Whoever still has its address gets an answer until the address is gone everywhere.
  if (spec.ports?.length) return { hook: { preStop: { sleep: { seconds: DRAIN_SECONDS } } }, extra: DRAIN_SECONDS };
  return { extra: 0 };
}

function environment(spec: PodSpec["main"], fileSets: FileSets): k8s.types.input.core.v1.EnvVar[] | undefined {
  const own = Object.entries(spec.env ?? {}).map(([name, value]) => ({ name, value }));
  const replicas =
    Object.keys(fileSets).length > 1 ? [{ name: "POD_NAME", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "metadata.name" } } }] : [];
  const all = [...own.sort((a, b) => (a.name < b.name ? -1 : 1)), ...replicas];
  return all.length > 0 ? all : undefined;
}

/**
 * Copies the secrets to files of mode 0400 that belong to the container's own user. Kubernetes itself can only give them to root and the group, mode
 * 0440, and libpq for one reads no password file that a group may read.
 */
function secretsContainer(context: KubernetesContext, spec: PodSpec["main"], source: VolumeMount): Container {
  return {
    name: "secrets",
    image: imageOf(context, spec),
    imagePullPolicy: "Always",
    command: ["sh", "-c", `umask 377 && cp -f ${source.mountPath as string}/* ${SECRETS}/`],
    resources: resourcesOf(context.system, { name: spec.name, cpu: 0.1, memory: "32M", reserved: "16M" }),
    securityContext: containerSecurity(spec.user),
    volumeMounts: [source, { name: "secrets", mountPath: SECRETS }],
  };
}

/** Template of a pod, and the objects of its files. */
export interface LoweredPod {
  template: k8s.types.input.core.v1.PodTemplateSpec;
  files: LoweredFiles;
}

export function lowerPod(context: KubernetesContext, pod: PodSpec): LoweredPod {
  const { system } = context;
  const { name, namespace, main, restartPolicy } = pod;
  const service = isService(main) ? main : undefined;
  const passwd = account(main);
  const withAccount = Object.fromEntries(
    Object.entries(pod.fileSets).map(([replica, files]) => [
      replica,
      passwd ? [...files, { path: "/etc/passwd", kind: "account" as const, content: passwd }] : files,
    ]),
  );
  const files = lowerFiles(context, namespace, name, withAccount);
  const places = [scratch(main), hostPaths(main), tokenVolume(main)];
  const data = (service?.volumes ?? []).map(({ volume, path, readOnly }) => ({ name: pod.claims[volume]!, mountPath: path, readOnly }));
  const { service: port, metrics } = portsOf(system, main);
  const { hook, extra } = service ? lifecycle(service) : { extra: 0 };
  // An agent looks at every device of its node; a claim of one would take it from who computes on it.
  const onEvery = system.services[main.name]?.onEvery;
  const gpu = service?.gpu && !onEvery ? service.gpu : undefined;
  const container: Container = {
    name,
    image: imageOf(context, main),
    imagePullPolicy: "Always",
    command: main.entrypoint,
    args: main.command,
    env: environment(main, pod.fileSets),
    ports: service
      ? [
          ...(port === undefined ? [] : [{ name: "service", containerPort: port, protocol: "TCP" }]),
          ...(metrics === undefined ? [] : [{ name: "metrics", containerPort: metrics, protocol: "TCP" }]),
          ...(service.peerPorts ?? []).map((peer, index) => ({ name: `peer-${index + 1}`, containerPort: peer, protocol: "TCP" })),
        ]
      : undefined,
    resources: resourcesOf(system, main, gpuResources(gpu)),
    securityContext: containerSecurity(main.user),
    volumeMounts: [...data, ...files.mounts, ...places.flatMap(({ mounts }) => mounts)],
    lifecycle: hook,
    ...(service ? probesOf(system, service) : {}),
  };
  const onGpus = gpu !== undefined || onEvery === "gpu-node";
  return {
    files,
    template: {
      metadata: {
        labels: podLabels(context, main, name),
        annotations: files.checksum === undefined ? undefined : { [CHECKSUM]: files.checksum },
      },
      spec: {
        automountServiceAccountToken: false,
        serviceAccountName: name,
        // Otherwise every Service of the namespace becomes variables such as KAFKA_PORT, which the images read as their own.
        enableServiceLinks: false,
        priorityClassName: priorityClass(context, main),
        securityContext: podSecurity(main.user),
        restartPolicy,
        terminationGracePeriodSeconds: service ? seconds(service.stopGrace) + extra : undefined,
        affinity: onGpus ? { nodeAffinity: gpuAffinity(context.gpuSelector) } : undefined,
        tolerations: onEvery === "node" ? [{ operator: "Exists" }] : onGpus ? [gpuToleration] : undefined,
        initContainers: files.secretSource ? [secretsContainer(context, main, files.secretSource)] : undefined,
        containers: [container],
        volumes: [...files.volumes, ...places.flatMap(({ volumes }) => volumes)],
      },
    },
  };
}

/** Priority class of what runs in a pod; classes belong to the whole cluster, hence the system's name. */
export const priorityClass = ({ system }: KubernetesContext, { name }: { name: string }): string => `${system.name}-${tierOf(system, name)}`;
