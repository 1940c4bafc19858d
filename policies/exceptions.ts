/** One permission that a rule would otherwise refuse. */
interface Exception {
  /** Id of the rule. */
  rule: string;
  /** Name, exactly: of a container on Docker; of a service or namespace on Kubernetes. */
  resource: string;
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
  { rule: "docker-container-configure-health-check", resource: "ultrathink-loki-canary", reason: "the image has neither a shell nor a check of its own; Prometheus must reach its metrics", owner, expires },

  { rule: "docker-container-disallow-root-user", resource: "ultrathink-alloy", reason: "container log files belong to root", owner, expires },
  { rule: "docker-container-disallow-root-user", resource: "ultrathink-cadvisor", reason: "cgroups and container state belong to root", owner, expires },
  { rule: "docker-container-disallow-root-user", resource: "ultrathink-object-store", reason: "the image brings no folder of another owner, so a fresh data volume belongs to root", owner, expires },
  { rule: "docker-container-disallow-root-user", resource: "ultrathink-vault", reason: "the image of object-store, with a volume of its own", owner, expires },
  { rule: "docker-container-disallow-root-user", resource: "ultrathink-dcgm-exporter", reason: "the NVIDIA driver's device files belong to root", owner, expires },

  { rule: "docker-container-disallow-capabilities", resource: "ultrathink-alloy", permits: "DAC_READ_SEARCH", reason: "log files have mode 0640 in folders of mode 0710", owner, expires },
  { rule: "docker-container-disallow-capabilities", resource: "ultrathink-cadvisor", permits: "DAC_READ_SEARCH", reason: "only root may list /var/lib/docker", owner, expires },
  { rule: "docker-container-disallow-capabilities", resource: "ultrathink-dcgm-exporter", permits: "SYS_ADMIN", reason: "DCGM's profiling counters", owner, expires },

  { rule: "docker-container-disallow-docker-socket", resource: "ultrathink-cadvisor", permits: "/var/run/docker.sock", reason: "names the containers whose cgroups it measures", owner, expires },
  { rule: "docker-container-disallow-docker-socket", resource: "ultrathink-node-exporter", permits: "/", reason: "measures file systems; its user may not open the socket below", owner, expires },

  { rule: "docker-container-disallow-host-path", resource: "ultrathink-alloy", permits: "/var/lib/docker/containers", reason: "the json-file logs that it ships", owner, expires },
  { rule: "docker-container-disallow-host-path", resource: "ultrathink-cadvisor", permits: "/sys", reason: "cgroup accounting", owner, expires },
  { rule: "docker-container-disallow-host-path", resource: "ultrathink-cadvisor", permits: "/var/lib/docker", reason: "containers' use of the file system", owner, expires },
  { rule: "docker-container-disallow-host-path", resource: "ultrathink-cadvisor", permits: "/var/run/docker.sock", reason: "names the containers whose cgroups it measures", owner, expires },
  { rule: "docker-container-disallow-host-path", resource: "ultrathink-node-exporter", permits: "/proc", reason: "host CPU, memory and load", owner, expires },
  { rule: "docker-container-disallow-host-path", resource: "ultrathink-node-exporter", permits: "/sys", reason: "host devices", owner, expires },
  { rule: "docker-container-disallow-host-path", resource: "ultrathink-node-exporter", permits: "/", reason: "use of the host's file systems", owner, expires },

  { rule: "kubernetes-namespace-enforce-pod-security", resource: "ultrathink-node", permits: "privileged", reason: "Pod Security allows paths of the host at this level alone; in all else its pods are restricted too", owner, expires },
  { rule: "kubernetes-pod-disallow-host-path", resource: "node-exporter", permits: "/proc", reason: "host CPU, memory and load", owner, expires },
  { rule: "kubernetes-pod-disallow-host-path", resource: "node-exporter", permits: "/sys", reason: "host devices", owner, expires },
  { rule: "kubernetes-pod-disallow-host-path", resource: "node-exporter", permits: "/", reason: "use of the host's file systems", owner, expires },
];

/** Whether the table permits this to this resource. */
export function excepted(rule: string, resource: string, permits?: string): boolean {
  return exceptions.some(entry => entry.rule === rule && entry.resource === resource && entry.permits === permits);
}
