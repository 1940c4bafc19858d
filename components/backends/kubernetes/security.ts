import type * as k8s from "@pulumi/kubernetes";
import type { System } from "../../../systems/declaration";
import type { ServiceSpec } from "../../spec";

/** Below it lie the hosts' own users. */
const FIRST_USER = 10_000;

/**
 * User that a container runs as: the image's own where that is a high number, else that number above {@link FIRST_USER}. Nothing here needs a low one:
 * volumes and files are handed to the group, the root is read-only, and what looks itself up in /etc/passwd gets a row there. So one that escapes
 * is nobody on the host, and none is root.
 */
export const userOf = (user: number): number => (user >= FIRST_USER ? user : FIRST_USER + user);

/** Everything that the restricted Pod Security standard asks of a pod, and the group that its volumes are handed to. */
export function podSecurity(user: number): k8s.types.input.core.v1.PodSecurityContext {
  const id = userOf(user);
  return {
    runAsNonRoot: true,
    runAsUser: id,
    runAsGroup: id,
    fsGroup: id,
    // Only when the volume's root is not the group's yet: a database refuses files that the group may write.
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  };
}

export function containerSecurity(user: number): k8s.types.input.core.v1.SecurityContext {
  const id = userOf(user);
  return {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    privileged: false,
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    runAsUser: id,
    runAsGroup: id,
    seccompProfile: { type: "RuntimeDefault" },
  };
}

/** A namespace and the Pod Security standard that holds in it, with the reason where it is not the restricted one. */
interface Standard {
  level: "restricted" | "privileged";
  reason?: string;
}

/** Namespace of the agents that look at the host they run on. */
export const nodeNamespace = (system: System) => `${system.namespace}-node`;

/** Both namespaces and what may run in them. */
export function namespaces(system: System): Record<string, Standard> {
  return {
    [system.namespace]: { level: "restricted" },
    [nodeNamespace(system)]: {
      level: "privileged",
      reason:
        "host agents alone: the node exporter reads /proc, /sys and / of its host, and Pod Security allows no path of the host below the privileged level; " +
        "in everything else its pods are as restricted as the others",
    },
  };
}

/** Namespace of a service: agents that there is one of on every node look at that node. */
export function namespaceOf(system: System, spec: Pick<ServiceSpec, "name">): string {
  return system.services[spec.name]?.onEvery ? nodeNamespace(system) : system.namespace;
}
