import type { ContainerCreateOptions } from "dockerode";
import type { Props } from "../../bridge/values";
import { parse } from "../duration";
import { toMap } from "../labels";
import { lowerDeviceRequests } from "./gpus";
import { lowerMounts, lowerVolumes } from "./mounts";
import { lowerPorts } from "./ports";

const MIB = 1024 * 1024;

/** A memory figure of the plugin (MiB; -1 for "no limit") in the bytes of the Docker API. */
function bytes(mebibytes: number | undefined): number {
  return mebibytes !== undefined && mebibytes > 0 ? mebibytes * MIB : (mebibytes ?? 0);
}

function healthcheck(check: Props) {
  return {
    Test: check.tests ?? [],
    Interval: parse(check.interval)!,
    Timeout: parse(check.timeout)!,
    StartPeriod: parse(check.startPeriod)!,
    // Known to engines of API 1.44 and later; older ones ignore it.
    ...(parse(check.startInterval)! > 0 && { StartInterval: parse(check.startInterval) }),
    Retries: check.retries,
  };
}

/** `systempaths=unconfined` is handled by the client: it is never sent, it empties the two path lists. */
function security(options: string[] | undefined) {
  const unconfined = options?.includes("systempaths=unconfined");
  return {
    SecurityOpt: options?.filter(option => option !== "systempaths=unconfined"),
    ...(unconfined && { MaskedPaths: [], ReadonlyPaths: [] }),
  };
}

/** The limits that the Docker API can also change on a running container. */
export function lowerLimits(inputs: Props) {
  return {
    Memory: bytes(inputs.memory),
    MemoryReservation: bytes(inputs.memoryReservation),
    ...(inputs.memorySwap && { MemorySwap: bytes(inputs.memorySwap) }),
    CpuShares: inputs.cpuShares ?? 0,
    CpusetCpus: inputs.cpuSet ?? "",
    RestartPolicy: { Name: inputs.restart, MaximumRetryCount: inputs.maxRetryCount ?? 0 },
  };
}

/**
 * The Docker API's request for a container, as the official plugin would send it.
 *
 * @param inputs checked inputs with their defaults
 * @param image the name that the daemon knows the image by
 */
export function lower(inputs: Props, image: string): ContainerCreateOptions {
  const ports = lowerPorts(inputs.ports);
  const volumes = lowerVolumes(inputs.volumes);
  return {
    name: inputs.name,
    Image: image,
    Hostname: inputs.hostname ?? "",
    StopSignal: inputs.stopSignal ?? "",
    StopTimeout: inputs.stopTimeout || undefined,
    Env: inputs.envs,
    Cmd: inputs.command?.length ? inputs.command : undefined,
    Entrypoint: inputs.entrypoints?.length ? inputs.entrypoints : undefined,
    User: inputs.user ?? "",
    WorkingDir: inputs.workingDir ?? "",
    Labels: toMap(inputs.labels),
    ExposedPorts: ports.exposed,
    Volumes: volumes.anonymous,
    Healthcheck: inputs.healthcheck && healthcheck(inputs.healthcheck),
    HostConfig: {
      ...lowerLimits(inputs),
      ...security(inputs.securityOpts),
      PortBindings: ports.bindings,
      Binds: volumes.binds,
      VolumesFrom: volumes.from,
      Mounts: lowerMounts(inputs.mounts),
      Tmpfs: inputs.tmpfs,
      ShmSize: bytes(inputs.shmSize) || undefined,
      NanoCpus: inputs.cpus ? Math.round(Number(inputs.cpus) * 1e9) : 0,
      Privileged: inputs.privileged ?? false,
      ReadonlyRootfs: inputs.readOnly,
      AutoRemove: inputs.rm,
      Init: inputs.init ?? false,
      CapAdd: inputs.capabilities?.adds,
      CapDrop: inputs.capabilities?.drops,
      LogConfig: { Type: inputs.logDriver ?? "", Config: inputs.logOpts ?? {} },
      NetworkMode: inputs.networkMode,
      PidMode: inputs.pidMode,
      ExtraHosts: inputs.hosts?.map(({ host, ip }: Props) => `${host}:${ip}`),
      Ulimits: inputs.ulimits?.map(({ name, soft, hard }: Props) => ({ Name: name, Soft: soft, Hard: hard })),
      Sysctls: inputs.sysctls,
      GroupAdd: inputs.groupAdds,
      Devices: inputs.devices?.map((device: Props) => ({
        PathOnHost: device.hostPath,
        PathInContainer: device.containerPath || device.hostPath,
        CgroupPermissions: device.permissions,
      })),
      DeviceRequests: lowerDeviceRequests(inputs),
    },
  };
}
