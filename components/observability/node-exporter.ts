import type { System } from "../../systems/declaration";
import { fromRow } from "../resources";
import type { ServiceSpec } from "../spec";
import { metricsPort } from "./environment";

/** node-exporter: CPU, memory, disks and network of the machine. */
export function nodeExporterSpec(system: System): ServiceSpec {
  const service = system.observability.exporters.node;
  const port = metricsPort(system, service);
  return {
    ...fromRow(system, service),
    entrypoint: ["/bin/node_exporter"],
    command: [
      "--path.procfs=/host/proc",
      "--path.sysfs=/host/sys",
      "--path.rootfs=/host/root",
      `--web.listen-address=:${port}`,
      "--collector.disable-defaults",
      ...["cpu", "diskstats", "filesystem", "loadavg", "meminfo", "netdev", "stat", "uname", "vmstat"].map(name => `--collector.${name}`),
      // Disks only: each container adds mounts of its own, which are the same disk again.
      "--collector.filesystem.mount-points-exclude=^/(dev|proc|run|sys|tmp|var/lib/(docker|containerd|kubelet)/.+)($|/)",
      "--collector.filesystem.fs-types-exclude=^(autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|fusectl|hugetlbfs|mqueue|nsfs|proc|pstore|securityfs|squashfs|sysfs|tmpfs|tracefs)$",
      "--collector.netdev.device-exclude=^(lo|veth.*|br-.*|docker.*)$",
    ],
    user: 65534,
    hostPaths: [
      { host: "/proc", path: "/host/proc" },
      { host: "/sys", path: "/host/sys" },
      { host: "/", path: "/host/root" },
    ],
    health: { command: ["wget", "-q", "-O", "/dev/null", `http://localhost:${port}/metrics`], startup: "30s" },
    stopGrace: "10s",
  };
}
