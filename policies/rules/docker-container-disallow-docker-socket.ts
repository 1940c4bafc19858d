import { mountsOf, onContainers } from "../docker";
import { excepted } from "../exceptions";
import type { ResourceRule } from "../rule";

const name = "docker-container-disallow-docker-socket";

/** The socket, by either of its paths, and every folder above it. */
const REACHES_SOCKET = new Set(["/", "/run", "/run/docker.sock", "/var", "/var/run", "/var/run/docker.sock"]);

export const rule: ResourceRule = {
  name,
  displayName: "No Docker socket",
  description:
    "No container mounts Docker's socket or a folder above it: whoever has the socket is root on the host. The exception table names who may.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps: "Remove the mount; give the service what it needs by another way, such as cAdvisor's metrics.",
  tags: ["hardening"],
  validateResource: onContainers(({ name: container, props, violation }) => {
    for (const { source = "" } of mountsOf(props)) {
      const path = source.replace(/(?<=.)\/+$/, "");
      if (REACHES_SOCKET.has(path) && !excepted(name, container, path)) {
        violation(`host path ${path} reaches Docker's socket, and the exception table does not have it`, `Remove the mount of ${path}`);
      }
    }
  }),
};
