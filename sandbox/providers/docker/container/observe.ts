import type { ContainerInspectInfo } from "dockerode";
import type { Props } from "../../bridge/values";
import { print } from "../duration";
import { observedDeviceRequests } from "./gpus";
import { observedMounts } from "./mounts";
import { observedPorts } from "./ports";

const MIB = 1024 * 1024;

function mebibytes(bytes: number | undefined): number {
  return bytes !== undefined && bytes > 0 ? Math.floor(bytes / MIB) : (bytes ?? 0);
}

/** "1.0", "0.5", "1.25": whole numbers keep one decimal, so a program must write "1.0" and not "1". */
export function decimalCpus(nanoCpus: number): string {
  const text = (nanoCpus / 1e9).toFixed(9).replace(/0+$/, "");
  return text.endsWith(".") ? `${text}0` : text;
}

function networkDatas(info: ContainerInspectInfo): Props[] {
  return Object.entries(info.NetworkSettings.Networks ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([networkName, endpoint]) => ({
      networkName,
      ipAddress: endpoint.IPAddress,
      ipPrefixLength: endpoint.IPPrefixLen,
      gateway: endpoint.Gateway,
      globalIpv6Address: endpoint.GlobalIPv6Address,
      globalIpv6PrefixLength: endpoint.GlobalIPv6PrefixLen,
      ipv6Gateway: endpoint.IPv6Gateway,
      macAddress: endpoint.MacAddress,
    }));
}

/**
 * A container as the official plugin's read leaves it in the state. Environment, labels, uploads and `volumes` are not
 * read back, as there.
 *
 * A stopped container that must run comes out with `mustRun: false` and without ports: that is the drift which the next
 * `up` repairs, by a replacement where ports are published and by a start where none are.
 *
 * @param prior the state so far, which decides whether some properties are read at all
 */
export function observe(info: ContainerInspectInfo, prior: Props): Props {
  const host = info.HostConfig;
  // The type definitions leave these two out.
  const config = info.Config as typeof info.Config & { StopSignal?: string; StopTimeout?: number };
  const running = info.State.Running;
  const health = config.Healthcheck;
  return {
    ...prior,
    networkDatas: networkDatas(info),
    ...(prior.ports?.length && (running || prior.mustRun) && { ports: observedPorts(info.NetworkSettings.Ports) }),
    ...(!running && { exitCode: info.State.ExitCode, mustRun: false }),
    name: info.Name.replace(/^\//, ""),
    image: observedImage(info, prior.image),
    command: config.Cmd ?? [],
    entrypoints: typeof config.Entrypoint === "string" ? [config.Entrypoint] : (config.Entrypoint ?? []),
    user: config.User,
    workingDir: config.WorkingDir,
    hostname: config.Hostname,
    stopSignal: config.StopSignal ?? "",
    stopTimeout: config.StopTimeout ?? 0,
    rm: host.AutoRemove ?? false,
    readOnly: host.ReadonlyRootfs ?? false,
    securityOpts: host.SecurityOpt ?? [],
    restart: host.RestartPolicy?.Name,
    maxRetryCount: host.RestartPolicy?.MaximumRetryCount ?? 0,
    init: host.Init ?? false,
    ...((host.CapAdd?.length || host.CapDrop?.length) && {
      capabilities: { adds: host.CapAdd ?? [], drops: host.CapDrop ?? [] },
    }),
    mounts: observedMounts(host.Mounts),
    tmpfs: host.Tmpfs ?? {},
    hosts: (host.ExtraHosts ?? []).map((entry: string) => {
      const [name, ip] = entry.split(":");
      return { host: name, ip };
    }),
    ...(prior.ulimits && {
      ulimits: (host.Ulimits ?? []).map((limit: Props) => ({ name: limit.Name, soft: limit.Soft, hard: limit.Hard })),
    }),
    privileged: host.Privileged ?? false,
    ...(prior.devices && { devices: observedDevices(info, prior.devices) }),
    ...observedDeviceRequests(host.DeviceRequests, prior),
    memory: mebibytes(host.Memory),
    memoryReservation: mebibytes(host.MemoryReservation),
    memorySwap: mebibytes(host.MemorySwap),
    shmSize: mebibytes(host.ShmSize),
    ...(host.NanoCpus && { cpus: decimalCpus(host.NanoCpus) }),
    cpuShares: host.CpuShares ?? 0,
    cpuSet: host.CpusetCpus ?? "",
    logDriver: host.LogConfig?.Type,
    ...(prior.logOpts && { logOpts: host.LogConfig?.Config ?? {} }),
    networkMode: host.NetworkMode,
    ...(prior.pidMode && { pidMode: host.PidMode }),
    ...(health && {
      healthcheck: {
        tests: health.Test ?? [],
        interval: print(health.Interval ?? 0),
        timeout: print(health.Timeout ?? 0),
        startPeriod: print(health.StartPeriod ?? 0),
        startInterval: print((health as { StartInterval?: number }).StartInterval ?? 0),
        retries: health.Retries ?? 0,
      },
    }),
    sysctls: host.Sysctls ?? {},
    groupAdds: host.GroupAdd ?? [],
  };
}

/** An image asked for by id is compared by id, any other by the name the container was made with. */
function observedImage(info: ContainerInspectInfo, asked: string): string {
  if (asked.startsWith("sha256:")) return info.Image;
  // A sandbox image stands in for the published one of the same tag (see ../image.ts).
  return asked.replace(/@sha256:[0-9a-f]{64}$/, "") === info.Config.Image ? asked : info.Config.Image;
}

function observedDevices(info: ContainerInspectInfo, configured: Props[]): Props[] {
  const named = new Set(configured.filter(device => device.containerPath).map(device => device.hostPath));
  return (info.HostConfig.Devices ?? []).map((device: Props) => ({
    hostPath: device.PathOnHost,
    permissions: device.CgroupPermissions,
    ...(named.has(device.PathOnHost) && { containerPath: device.PathInContainer }),
  }));
}
