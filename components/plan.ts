import { mebibytes, seconds, startOrder, members, type System } from "../systems/declaration";
import type { StackConfig } from "../config";
import { stackSystem } from "./environment";
import images from "../images.lock.json";
import { systems } from "../systems";
import { volumeLabels } from "./backends/docker/labels";
import { namespaces } from "./backends/kubernetes/security";
import { groupOf } from "./backends/kubernetes/units";
import { backupPlan, type BackupPlan } from "./backup/plan";
import { OBJECT_STORE_VOLUME } from "./object-store";
import { plannedReleases, type PlannedReleases } from "./releases";
import { REDIS_VOLUME } from "./redis/redis";
import { POSTGRES_VOLUME } from "./timescaledb/paths";

/** What the operations know of a stack before anything exists: computed from declaration and stack config alone. */
export interface StackPlan {
  system: string;
  backend: "docker" | "kubernetes";
  /** Address that ports are published on. */
  bindAddress: string;
  /** `true`: `purge` may delete the data. */
  disposable: boolean;
  /** `true`: CPU limits above the host's cores are lowered to them. */
  clampCpus: boolean;
  /** GPU devices that the stack config hands out; empty on a machine without one. */
  gpuDevices: string[];
  services: PlannedService[];
  /** Where a stack on Kubernetes runs; undefined on Docker. */
  cluster: PlannedCluster | undefined;
  /** What is released by a switch, and how; undefined for a system that releases nothing so. */
  releases: PlannedReleases | undefined;
  /** Data volumes on Docker. */
  volumes: PlannedVolume[];
  /** What is backed up; undefined for a system that has no backups. */
  backups: BackupPlan | undefined;
  /** Who makes the backups, and what a total loss may cost; undefined for a system that has no backups. */
  recovery: { sidecar: string; rtoSeconds: number; rpoSeconds: number } | undefined;
}

export interface PlannedCluster {
  /** Context of the kubeconfig. @default - its current one */
  context?: string;
  /** Namespace of the services, then that of the agents on the hosts. */
  namespaces: string[];
}

export interface PlannedVolume {
  /** Volume name on Docker. */
  name: string;
  service: string;
  /** Exactly the program's: a volume that somebody makes with others is replaced by the next `up`. */
  labels: Record<string, string>;
  /** Backup job that takes it. @default - it has no backup, and the declaration says why */
  backup?: string;
  /** Where the service mounts it. @default - nothing restores into it */
  path?: string;
}

export interface PlannedService {
  name: string;
  /** Container name on Docker. */
  container: string;
  /** Name of the controller that runs it on Kubernetes: its own, its group's, or that of the service whose pod it shares. */
  controller: string;
  image: string;
  /** CPU limit in cores, before any clamp. */
  cpu: number;
  /** Memory limit and reservation in MiB. */
  memory: number;
  reserved: number;
  /** Published host ports, with the stack's offset. */
  ports: number[];
  /** Services that must be healthy before this one starts; groups are already spelt out. */
  needs: string[];
  /** One-shot: runs to exit 0 and is not expected to stay. */
  job: boolean;
  /** Why stack config leaves it out. @default - it is part of the stack */
  leftOut?: string;
}

const lock: Record<string, string> = images;

/** One-shot jobs of a system's parts: what each completes and the image that it runs. */
const jobs = [
  { name: "timescaledb-schema", image: "timescaledb", completes: "timescaledb" },
  { name: "kafka-topics", image: "workloads", completes: "kafka" },
  { name: "object-store-buckets", image: "workloads", completes: "object-store" },
];

/** Where the parts mount the volumes that a restore fills. */
function mountPaths({ database, redis, objectStore }: System): Record<string, string> {
  return {
    ...(database ? { [database.service]: POSTGRES_VOLUME } : {}),
    ...Object.fromEntries(Object.keys(redis).map(service => [service, REDIS_VOLUME])),
    ...(objectStore ? { [objectStore.service]: OBJECT_STORE_VOLUME } : {}),
  };
}

function controllerOf(system: System, service: string): string {
  const { backups, database } = system;
  return groupOf(system, service) ?? (service === backups?.service && database ? database.service : service);
}

function plannedVolumes(system: System, stack: string): PlannedVolume[] {
  const paths = mountPaths(system);
  return Object.values(system.volumes).map(({ service, name, backup }) => ({
    name: `${system.project}_${name}`,
    service,
    labels: Object.fromEntries(volumeLabels(system, stack, name).map(({ label, value }) => [label, value])),
    ...(system.backups && typeof backup === "string" ? { backup } : {}),
    path: paths[service],
  }));
}

/** What a stack will consist of, from declaration and config alone. */
export function planStack(config: StackConfig, stack: string): StackPlan {
  const declared = systems[config.system]!;
  const { system, leftOut } = stackSystem(declared, config, stack);
  const present = startOrder(system).map(name => {
    const row = system.services[name]!;
    return {
      name,
      container: `${system.containerPrefix}${name}`,
      controller: controllerOf(system, name),
      image: config.images[name] ?? lock[row.image ?? name]!,
      cpu: row.cpu,
      memory: mebibytes(row.memory),
      reserved: mebibytes(row.reserved),
      ports: row.port === undefined ? [] : [row.port + config.portOffset],
      needs: (row.needs ?? []).flatMap(need => members(system, need)),
      job: false,
      ...(config.backend === "kubernetes" && name === system.scheduler?.service ? { leftOut: "the cluster has a clock of its own" } : {}),
    };
  });
  const oneShot = jobs
    .filter(job => members(system, job.completes).every(service => system.services[service]))
    .map(job => ({
      name: job.name,
      container: `${system.containerPrefix}${job.name}`,
      controller: job.name,
      image: lock[job.image]!,
      cpu: 0.5,
      memory: 256,
      reserved: 64,
      ports: [],
      needs: members(system, job.completes),
      job: true,
    }));
  const absent = Object.entries(leftOut).map(([name, reason]) => {
    const row = declared.services[name]!;
    return {
      name,
      container: `${system.containerPrefix}${name}`,
      controller: name,
      image: lock[row.image ?? name]!,
      cpu: row.cpu,
      memory: mebibytes(row.memory),
      reserved: mebibytes(row.reserved),
      ports: [],
      needs: [],
      job: false,
      leftOut: reason,
    };
  });
  return {
    system: system.name,
    backend: config.backend,
    bindAddress: config.bindAddress,
    disposable: config.disposable,
    clampCpus: config.clampCpus,
    gpuDevices: Object.values(config.gpuDevices).flat(),
    services: [...present, ...oneShot, ...absent],
    cluster: config.backend === "kubernetes" ? { context: config.kubeContext, namespaces: Object.keys(namespaces(system)) } : undefined,
    releases: plannedReleases(system, config),
    volumes: plannedVolumes(system, stack),
    backups: backupPlan(system),
    recovery: system.backups && {
      sidecar: system.backups.service,
      rtoSeconds: seconds(system.backups.objectives.rto),
      rpoSeconds: seconds(system.backups.objectives.rpo),
    },
  };
}
