import type * as k8s from "@pulumi/kubernetes";
import { seconds, tierOf } from "../../../systems/declaration";
import type { JobSpec, ScheduleSpec, ServiceSpec } from "../../spec";
import { tokenFolders, tokenVolume } from "./access";
import { imageOf, type KubernetesContext } from "./context";
import { lowerFiles, SECRETS, type FileSets, type LoweredFiles } from "./files";
import { gpuAffinity, gpuResources, gpuToleration } from "./gpu";
import { mapInputs } from "./inputs";
import { CHECKSUM, podLabels } from "./labels";
import { portsOf } from "./ports";
import { probesOf, sidecarProbesOf } from "./probes";
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
  /** Services that share its volumes. */
  sidecars?: ServiceSpec[];
  /** Files of the main container by replica, where replicas differ. */
  fileSets: FileSets;
  /** Names of the claims that its data volumes come from, by key of the system's `volumes`. */
  claims: Record<string, string>;
  restartPolicy?: "Never";
}

const isService = (spec: PodSpec["main"]): spec is ServiceSpec => "health" in spec;

/** Name of a volume for a path: a volume's name may hold no slash. */
const volumeName = (prefix: string, path: string) => `${prefix}${path.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`.replace(/-$/, "");

/** Name of a volume that the containers of a pod share. */
const sharedName = (volume: string) => `shared-${volume.replaceAll("_", "-")}`;

/** Volumes that hold nothing worth keeping and that a sidecar may know by the same name. */
function shared(spec: PodSpec["main"]): { volumes: Volume[]; mounts: VolumeMount[] } {
  const all = isService(spec) ? (spec.scratch ?? []) : [];
  return {
    volumes: all.map(({ volume }) => ({ name: sharedName(volume), emptyDir: {} })),
    mounts: all.map(({ volume, path }) => ({ name: sharedName(volume), mountPath: path })),
  };
}

/** Places that a container may write to although its root is read-only: in memory where the declaration gives a size, else on the node's disk. */
function scratch(spec: PodSpec["main"], prefix: string): { volumes: Volume[]; mounts: VolumeMount[] } {
  const inMemory = Object.entries({ ...spec.tmpfs, ...(spec.sharedMemory ? { "/dev/shm": spec.sharedMemory } : {}) });
  const taken = [...inMemory.map(([path]) => path), ...shared(spec).mounts.map(({ mountPath }) => mountPath)];
  const onDisk = ["/tmp", ...(spec.writes ?? [])].filter(path => !taken.includes(path));
  const places = [
    ...inMemory.map(([path, size]) => ({ path, emptyDir: { medium: "Memory", sizeLimit: memoryQuantity(size) } })),
    ...onDisk.map(path => ({ path, emptyDir: { sizeLimit: "256Mi" } })),
  ];
  return {
    volumes: places.map(({ path, emptyDir }) => ({ name: volumeName(`${prefix}writable`, path), emptyDir })),
    mounts: places.map(({ path }) => ({ name: volumeName(`${prefix}writable`, path), mountPath: path })),
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
  // Kubernetes does not keep an empty value, and would show one as a change for ever.
  const own = Object.entries(spec.env ?? {}).map(([name, value]) => (value === "" ? { name } : { name, value }));
  const replicas =
    Object.keys(fileSets).length > 1 ? [{ name: "POD_NAME", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "metadata.name" } } }] : [];
  const all = [...own.sort((a, b) => (a.name < b.name ? -1 : 1)), ...replicas];
  return all.length > 0 ? all : undefined;
}

/**
 * Copies the secrets to files of mode 0400 that belong to the container's own user. Kubernetes itself can only give them to root and the group, mode
 * 0440, and libpq for one reads no password file that a group may read.
 */
function secretsContainer(context: KubernetesContext, spec: PodSpec["main"], source: VolumeMount, name: string, folders: string[]): Container {
  return {
    name,
    image: imageOf(context, spec),
    imagePullPolicy: "Always",
    command: [
      "sh",
      "-c",
      [...folders.map(folder => `mkdir -p ${SECRETS}/${folder}`), `umask 377 && cp -f ${source.mountPath as string}/* ${SECRETS}/`].join(" && "),
    ],
    resources: resourcesOf(context.system, { name: spec.name, cpu: 0.1, memory: "32M", reserved: "16M" }),
    securityContext: containerSecurity(spec.user),
    volumeMounts: [source, { name, mountPath: SECRETS }],
  };
}

/** Template of a pod, and the objects of its files, container by container. */
export interface LoweredPod {
  template: k8s.types.input.core.v1.PodTemplateSpec;
  files: LoweredFiles[];
}

/** One container of a pod, with what it takes to start it. */
interface LoweredContainer {
  container: Container;
  copies: Container[];
  volumes: Volume[];
  files: LoweredFiles;
}

function lowerContainer(context: KubernetesContext, pod: PodSpec, name: string, spec: PodSpec["main"], fileSets: FileSets): LoweredContainer {
  const { system } = context;
  const sidecar = spec !== pod.main;
  const prefix = sidecar ? `${name}-` : "";
  const service = isService(spec) ? spec : undefined;
  const passwd = account(spec);
  const withAccount = Object.fromEntries(
    Object.entries(fileSets).map(([replica, files]) => [
      replica,
      passwd ? [...files, { path: "/etc/passwd", kind: "account" as const, content: passwd }] : files,
    ]),
  );
  const files = lowerFiles(context, pod.namespace, name, withAccount, prefix);
  const places = [shared(spec), scratch(spec, prefix), hostPaths(spec), tokenVolume(spec)];
  const data = (service?.volumes ?? []).map(({ volume, path, readOnly }) => ({ name: pod.claims[volume]!, mountPath: path, readOnly }));
  const { service: port, metrics } = portsOf(system, spec);
  // What one of them may do, EKS lets all of a pod's containers do.
  const externals = [pod.main, ...(pod.sidecars ?? [])].flatMap(({ external }) => external ?? []);
  const named = (port: string) => (sidecar ? `${name.slice(0, 15 - port.length - 1)}-${port}` : port);
  return {
    files,
    copies: files.secretSource
      ? [secretsContainer(context, spec, files.secretSource, `${prefix}secrets`, tokenFolders(system, { asks: spec.asks, external: externals }))]
      : [],
    volumes: [...files.volumes, ...places.flatMap(({ volumes }) => volumes)],
    container: {
      name,
      image: imageOf(context, spec),
      imagePullPolicy: "Always",
      command: spec.entrypoint,
      args: spec.command,
      env: environment(spec, fileSets),
      ports: service
        ? [
            ...(port === undefined ? [] : [{ name: named("service"), containerPort: port, protocol: "TCP" }]),
            ...(metrics === undefined ? [] : [{ name: named("metrics"), containerPort: metrics, protocol: "TCP" }]),
            ...(service.peerPorts ?? []).map((peer, index) => ({ name: `peer-${index + 1}`, containerPort: peer, protocol: "TCP" })),
          ]
        : undefined,
      resources: resourcesOf(system, spec, gpuResources(gpuOf(context, spec))),
      securityContext: containerSecurity(spec.user),
      volumeMounts: [...data, ...files.mounts, ...places.flatMap(({ mounts }) => mounts)],
      lifecycle: service ? lifecycle(service).hook : undefined,
      ...(service ? (sidecar ? sidecarProbesOf(system, service) : probesOf(system, service)) : {}),
    },
  };
}

/** GPU that a spec takes. An agent looks at every device of its node; a claim of one would take it from who computes on it. */
function gpuOf({ system }: KubernetesContext, spec: PodSpec["main"]) {
  return isService(spec) && !system.services[spec.name]?.onEvery ? spec.gpu : undefined;
}

/** Each of a list of volumes once: containers of a pod share some. */
const distinct = (volumes: Volume[]) => [...new Map(volumes.map(volume => [volume.name as string, volume])).values()];

export function lowerPod(context: KubernetesContext, pod: PodSpec): LoweredPod {
  const { system } = context;
  const { name, main, restartPolicy, sidecars = [] } = pod;
  const services = isService(main) ? [main, ...sidecars] : [];
  const all = [
    lowerContainer(context, pod, name, main, pod.fileSets),
    ...sidecars.map(sidecar => lowerContainer(context, pod, sidecar.name, sidecar, { [sidecar.name]: sidecar.files ?? [] })),
  ];
  const checksums = all.flatMap(({ files }) => files.checksum ?? []);
  const copies = all.flatMap(lowered => lowered.copies);
  const onEvery = system.services[main.name]?.onEvery;
  const onGpus = gpuOf(context, main) !== undefined || onEvery === "gpu-node";
  return {
    files: all.map(({ files }) => files),
    template: {
      metadata: {
        labels: podLabels(context, main, name),
        annotations: checksums.length > 0 ? { [CHECKSUM]: mapInputs(checksums, sums => sums.join(".")) } : undefined,
      },
      spec: {
        automountServiceAccountToken: false,
        serviceAccountName: name,
        // Otherwise every Service of the namespace becomes variables such as KAFKA_PORT, which the images read as their own.
        enableServiceLinks: false,
        priorityClassName: priorityClass(context, main),
        securityContext: podSecurity(main.user),
        restartPolicy,
        terminationGracePeriodSeconds:
          services.length > 0 ? Math.max(...services.map(service => seconds(service.stopGrace) + lifecycle(service).extra)) : undefined,
        affinity: onGpus ? { nodeAffinity: gpuAffinity(context.gpuSelector) } : undefined,
        tolerations: onEvery === "node" ? [{ operator: "Exists" }] : onGpus ? [gpuToleration] : undefined,
        initContainers: copies.length > 0 ? copies : undefined,
        containers: all.map(({ container }) => container),
        volumes: distinct(all.flatMap(({ volumes }) => volumes)),
      },
    },
  };
}

/** Priority class of what runs in a pod; classes belong to the whole cluster, hence the system's name. */
export const priorityClass = ({ system }: KubernetesContext, { name }: { name: string }): string => `${system.name}-${tierOf(system, name)}`;
