import type * as docker from "@pulumi/docker";
import type { Input } from "@pulumi/pulumi";
import { mebibytes, seconds, type Duration, type System } from "../../../systems/declaration";
import { hardeningExceptions } from "../../hardening";
import type { FileMount, Health, JobSpec, ServiceSpec } from "../../spec";
import { containerLabels } from "./labels";

/** What a container's arguments depend on beside its own declaration. */
export interface DockerContext {
  system: System;
  stack: string;
  network: Input<string>;
  /** Volume names by key of the system's `volumes`. */
  volumes: Record<string, Input<string>>;
  /** Names of the volumes that hold nothing worth keeping, made when a service first asks for one. */
  scratch(volume: string): Input<string>;
  /** Address that published ports bind to. */
  bindAddress: string;
  portOffset: number;
  /** Cores of the Docker host; limits above it are lowered to it. Absent: nothing is clamped. */
  clampCpusTo?: number;
  /** NVIDIA device ids for the services that ask for a GPU, by service. */
  gpuDevices: Record<string, string[]>;
  /** Services of the declaration that this stack does without. */
  leftOut: string[];
}

/** The CPU limit that the host can hold: the engine refuses one above its core count. */
export function effectiveCpus(cpu: number, clampCpusTo?: number): number {
  return clampCpusTo === undefined ? cpu : Math.min(cpu, clampCpusTo);
}

/** Docker reads durations back as Go prints them; any other form shows as a change on every preview. */
function goDuration(duration: Duration): string {
  const total = seconds(duration);
  const [hours, minutes, rest] = [Math.floor(total / 3600), Math.floor((total % 3600) / 60), total % 60];
  return `${hours ? `${hours}h` : ""}${total >= 60 ? `${minutes}m` : ""}${rest}s`;
}

/** Docker reads `1` back as `1.0`, and a change of `cpus` replaces the container. */
function cpuText(cpus: number): string {
  return Number.isInteger(cpus) ? cpus.toFixed(1) : String(cpus);
}

/**
 * Files belong to root, whose group a user other than root is in to read its secrets. An owner of its own would be refused: before version 28
 * Docker looks the container's user up on the host when an upload names an owner.
 */
function lowerFile(file: FileMount, user: number): docker.types.input.ContainerUpload {
  if (file.kind === "secret") return { file: file.path, content: file.content, permissions: user === 0 ? "0400" : "0440" };
  const executable = file.kind !== "certificate" && file.executable;
  return { file: file.path, content: file.content, permissions: executable ? "0555" : "0444" };
}

function lowerHealth(health: Health): docker.types.input.ContainerHealthcheck {
  if ("probedBy" in health) {
    return { tests: ["NONE"], interval: "0s", timeout: "0s", retries: 0, startPeriod: "0s" };
  }
  return {
    tests: ["CMD", ...health.command],
    interval: goDuration(health.interval ?? "15s"),
    timeout: goDuration(health.timeout ?? "5s"),
    retries: health.retries ?? 3,
    startPeriod: goDuration(health.startup),
  };
}

/** What services and jobs have in common: identity, files, limits and hardening. */
function commonArgs(spec: ServiceSpec | JobSpec, image: Input<string>, context: DockerContext) {
  const memory = mebibytes(spec.memory, `${spec.name}.memory`);
  const cpus = effectiveCpus(spec.cpu, context.clampCpusTo);
  const exception = hardeningExceptions[spec.name];
  const clamped: Record<string, string> = cpus < spec.cpu ? { "dev.ultrathink.cpu-clamped": String(spec.cpu) } : {};
  return {
    clamped,
    args: {
      name: `${context.system.containerPrefix}${spec.name}`,
      image,
      entrypoints: spec.entrypoint,
      command: spec.command,
      envs: Object.entries(spec.env ?? {})
        .map(([key, value]) => `${key}=${value}`)
        .sort(),
      user: `${spec.user}:${spec.user}`,
      groupAdds: spec.user !== 0 && spec.files?.some(({ kind }) => kind === "secret") ? ["0"] : [],
      hostname: spec.name,
      networksAdvanced: [
        { name: context.network, aliases: [spec.name] },
        ...(spec.external ?? []).flatMap(name => context.system.external[name]!.network ?? []).map(name => ({ name })),
      ],
      cpus: cpuText(cpus),
      memory,
      // Without it Docker adds as much swap again, and a later raise fails.
      memorySwap: memory,
      memoryReservation: mebibytes(spec.reserved, `${spec.name}.reserved`),
      shmSize: spec.sharedMemory ? mebibytes(spec.sharedMemory, `${spec.name}.sharedMemory`) : 64,
      uploads: (spec.files ?? []).map(file => lowerFile(file, spec.user)),
      tmpfs: Object.fromEntries(Object.entries(spec.tmpfs ?? {}).map(([path, size]) => [path, `size=${mebibytes(size)}m,mode=1777`])),
      // Docker cannot upload into a read-only root.
      readOnly: (spec.files ?? []).length === 0,
      init: true,
      capabilities: { drops: ["ALL"], adds: Object.keys(exception?.capabilities ?? {}).map(name => `CAP_${name}`) },
      securityOpts: ["no-new-privileges"],
      logDriver: "json-file",
      logOpts: { "max-size": "10m", "max-file": "3", labels: "com.docker.compose.project,com.docker.compose.service" },
    } satisfies docker.ContainerArgs,
  };
}

/** Container of a long-running service. Pure. */
export function serviceArgs(spec: ServiceSpec, image: Input<string>, context: DockerContext): docker.ContainerArgs {
  const { args, clamped } = commonArgs(spec, image, context);
  const devices = context.gpuDevices[spec.name] ?? [];
  const grace = seconds(spec.stopGrace);
  return {
    ...args,
    labels: containerLabels(context.system, context.stack, spec, {
      ...clamped,
      "dev.ultrathink.startup": spec.health.startup,
      // On the container whose scrape jobs change with them anyway: a label of the network would replace everything.
      ...(spec.name === context.system.observability.prometheus.service ? { "dev.ultrathink.left-out": context.leftOut.join(",") } : {}),
      ...("probedBy" in spec.health ? { "dev.ultrathink.probed-by": spec.health.probedBy } : {}),
    }),
    ports: (spec.ports ?? []).map(({ container, host }) => ({
      internal: container,
      external: host + context.portOffset,
      ip: context.bindAddress,
      protocol: "tcp",
    })),
    volumes: [
      ...(spec.volumes ?? []).map(({ volume, path, readOnly }) => ({ volumeName: context.volumes[volume], containerPath: path, readOnly })),
      ...(spec.scratch ?? []).map(({ volume, path }) => ({ volumeName: context.scratch(volume), containerPath: path })),
      ...(spec.hostPaths ?? []).map(({ host, path }) => ({ hostPath: host, containerPath: path, readOnly: true })),
    ],
    deviceRequests: devices.length > 0 ? [{ driver: "nvidia", deviceIds: devices, capabilities: ["gpu"] }] : undefined,
    healthcheck: lowerHealth(spec.health),
    restart: "always",
    mustRun: true,
    stopSignal: spec.stopSignal,
    stopTimeout: grace,
    destroyGraceSeconds: grace,
  };
}

/** Container of a one-shot job: runs to its end, is not started again by Docker. Pure. */
export function jobArgs(spec: JobSpec, image: Input<string>, context: DockerContext): docker.ContainerArgs {
  const { args, clamped } = commonArgs(spec, image, context);
  return {
    ...args,
    labels: containerLabels(context.system, context.stack, spec, {
      ...clamped,
      "dev.ultrathink.job": "true",
      // Otherwise `docker compose restart` would start finished jobs again.
      "com.docker.compose.oneoff": "True",
    }),
    restart: "no",
    mustRun: false,
    attach: true,
  };
}
