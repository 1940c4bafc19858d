/** One permission that a rule would otherwise refuse. */
interface Exception {
  /** Id of the rule. */
  rule: string;
  /** Container name, exactly. */
  container: string;
  /** What is permitted, in the rule's own terms: a capability, a path of the host. Absent where the rule has only one thing to permit. */
  permits?: string;
  reason: string;
  /** Role that answers for it. */
  owner: string;
  /** ISO date; a test fails from this day on, so that every exception is looked at again. */
  expires: string;
}

const owner = "infrastructure lead";
const expires = "2027-12-31";

// prettier-ignore
export const exceptions: Exception[] = [
  { rule: "docker-container-configure-health-check", container: "ultrathink-loki-canary", reason: "the image has neither a shell nor a check of its own; Prometheus must reach its metrics", owner, expires },

  { rule: "docker-container-disallow-root-user", container: "ultrathink-alloy", reason: "container log files belong to root", owner, expires },
  { rule: "docker-container-disallow-root-user", container: "ultrathink-cadvisor", reason: "cgroups and container state belong to root", owner, expires },
  { rule: "docker-container-disallow-root-user", container: "ultrathink-object-store", reason: "the image brings no folder of another owner, so a fresh data volume belongs to root", owner, expires },
  { rule: "docker-container-disallow-root-user", container: "ultrathink-vault", reason: "the image of object-store, with a volume of its own", owner, expires },
  { rule: "docker-container-disallow-root-user", container: "ultrathink-dcgm-exporter", reason: "the NVIDIA driver's device files belong to root", owner, expires },

  { rule: "docker-container-disallow-capabilities", container: "ultrathink-alloy", permits: "DAC_READ_SEARCH", reason: "log files have mode 0640 in folders of mode 0710", owner, expires },
  { rule: "docker-container-disallow-capabilities", container: "ultrathink-cadvisor", permits: "DAC_READ_SEARCH", reason: "only root may list /var/lib/docker", owner, expires },
  { rule: "docker-container-disallow-capabilities", container: "ultrathink-dcgm-exporter", permits: "SYS_ADMIN", reason: "DCGM's profiling counters", owner, expires },

  { rule: "docker-container-disallow-docker-socket", container: "ultrathink-cadvisor", permits: "/var/run/docker.sock", reason: "names the containers whose cgroups it measures", owner, expires },
  { rule: "docker-container-disallow-docker-socket", container: "ultrathink-node-exporter", permits: "/", reason: "measures file systems; its user may not open the socket below", owner, expires },

  { rule: "docker-container-disallow-host-path", container: "ultrathink-alloy", permits: "/var/lib/docker/containers", reason: "the json-file logs that it ships", owner, expires },
  { rule: "docker-container-disallow-host-path", container: "ultrathink-cadvisor", permits: "/sys", reason: "cgroup accounting", owner, expires },
  { rule: "docker-container-disallow-host-path", container: "ultrathink-cadvisor", permits: "/var/lib/docker", reason: "containers' use of the file system", owner, expires },
  { rule: "docker-container-disallow-host-path", container: "ultrathink-cadvisor", permits: "/var/run/docker.sock", reason: "names the containers whose cgroups it measures", owner, expires },
  { rule: "docker-container-disallow-host-path", container: "ultrathink-node-exporter", permits: "/proc", reason: "host CPU, memory and load", owner, expires },
  { rule: "docker-container-disallow-host-path", container: "ultrathink-node-exporter", permits: "/sys", reason: "host devices", owner, expires },
  { rule: "docker-container-disallow-host-path", container: "ultrathink-node-exporter", permits: "/", reason: "use of the host's file systems", owner, expires },
];

/** Whether the table permits this to this container. */
export function excepted(rule: string, container: string, permits?: string): boolean {
  return exceptions.some(entry => entry.rule === rule && entry.container === container && entry.permits === permits);
}
