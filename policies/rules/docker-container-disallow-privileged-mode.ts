import { onContainers } from "../docker";
import type { ResourceRule } from "../rule";

export const rule: ResourceRule = {
  name: "docker-container-disallow-privileged-mode",
  displayName: "No privileged mode, no host namespaces",
  description: "No container is privileged or shares the host's process, IPC, network or user namespace.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps: "Remove privileged and the host namespace; read what the service needs through a read-only mount with an exception.",
  tags: ["hardening"],
  validateResource: onContainers(({ props, violation }) => {
    if (props.privileged) violation("it is privileged, which is never allowed", "Remove privileged");
    const namespaces = { pidMode: props.pidMode, ipcMode: props.ipcMode, networkMode: props.networkMode, usernsMode: props.usernsMode };
    for (const [namespace, value] of Object.entries(namespaces)) {
      if (value === "host") violation(`${namespace} is host, the container's own namespace is required`, `Remove ${namespace}`);
    }
  }),
};
