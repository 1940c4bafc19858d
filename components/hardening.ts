/**
 * The services that cannot have every restriction, each with its reason. Everything else runs as a numbered non-root user with all capabilities
 * dropped, without new privileges, and with a read-only root where no file is uploaded (Docker cannot upload into a read-only root).
 */
export interface HardeningException {
  /** Runs as root inside the container. */
  root?: string;
  /** Linux capabilities kept, by name. */
  capabilities?: Record<string, string>;
  /** Paths of the host that it reads. */
  hostPaths?: Record<string, string>;
}

export const hardeningExceptions: Record<string, HardeningException> = {
  alloy: {
    root: "container log files belong to root",
    capabilities: { DAC_READ_SEARCH: "reads log files that belong to root with mode 0640 in folders with mode 0710" },
    hostPaths: { "/var/lib/docker/containers": "the json-file logs that it ships to Loki" },
  },
  cadvisor: {
    root: "reads cgroups and container state that belong to root",
    capabilities: { DAC_READ_SEARCH: "reads /var/lib/docker, which only root may list" },
    hostPaths: {
      "/var/run/docker.sock": "names of the containers whose cgroups it measures; no other service has the socket",
      "/sys": "cgroup accounting",
      "/var/lib/docker": "file system use of containers",
    },
  },
  "object-store": { root: "the image brings no folder of another owner, so a fresh data volume belongs to root" },
  vault: { root: "the image of object-store, with a volume of its own" },
  "node-exporter": {
    hostPaths: { "/proc": "host CPU, memory and load", "/sys": "host devices", "/": "file system use" },
  },
  "dcgm-exporter": { root: "the NVIDIA driver's device files", capabilities: { SYS_ADMIN: "DCGM's profiling counters" } },
};
