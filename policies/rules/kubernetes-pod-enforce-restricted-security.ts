import { excepted } from "../exceptions";
import { containersOf, onPods, type Container } from "../kubernetes";
import type { ResourceRule } from "../rule";

const name = "kubernetes-pod-enforce-restricted-security";

/** Below it lie the hosts' own users: who escapes as one of them is somebody on the host. */
const FIRST_USER = 10_000;

function capabilities(pod: string, { securityContext }: Container, violation: (found: string, mend: string) => void): void {
  const { add = [], drop = [] } = securityContext?.capabilities ?? {};
  if (!drop.includes("ALL")) violation("capabilities.drop lacks ALL", "Drop ALL");
  for (const capability of add.filter(each => !excepted(name, pod, each))) {
    violation(`capability ${capability} is added, and the exception table does not have it`, `Remove ${capability}`);
  }
}

export const rule: ResourceRule = {
  name,
  displayName: "Restricted pods",
  description:
    "Every container runs as a numbered user of 10000 or more, without privileges, capabilities, host namespaces or host ports, under the runtime's seccomp profile: the restricted Pod Security standard, in the namespace of host agents too.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Set the pod's and each container's securityContext as the restricted standard wants them; a capability that is needed gets a row in the pack's exception table.",
  tags: ["hardening"],
  validateResource: onPods(({ name: pod, spec, violation }) => {
    for (const key of ["hostNetwork", "hostPID", "hostIPC"] as const) {
      if (spec[key]) violation(`${key} is true, the pod's own namespace is required`, `Remove ${key}`);
    }
    if ((spec.securityContext?.sysctls ?? []).length > 0) violation("it sets sysctls, which none needs", "Remove them");
    for (const { container } of containersOf(spec)) {
      const its = (found: string, mend: string) => violation(`container ${container.name}: ${found}`, mend);
      const security = { ...spec.securityContext, ...container.securityContext };
      if (security.runAsNonRoot !== true) its("runAsNonRoot is not true", "Set it in the container's securityContext");
      if (!(security.runAsUser! >= FIRST_USER)) {
        its(
          `runAsUser is ${security.runAsUser ?? "not set"}, a number of ${FIRST_USER} or more is required`,
          `Add ${FIRST_USER} to the image's own user`,
        );
      }
      if (security.seccompProfile?.type !== "RuntimeDefault") {
        its(`seccompProfile is ${security.seccompProfile?.type ?? "not set"}, RuntimeDefault is required`, "Set it to RuntimeDefault");
      }
      if (security.allowPrivilegeEscalation !== false) its("allowPrivilegeEscalation is not false", "Set it to false");
      if (security.privileged) its("it is privileged, which is never allowed", "Remove privileged");
      if (security.procMount !== undefined && security.procMount !== "Default")
        its(`procMount is ${security.procMount}, Default is required`, "Remove it");
      capabilities(pod, container, its);
      for (const { hostPort } of (container.ports ?? []).filter(port => port.hostPort))
        its(`it takes port ${hostPort} of its host`, "Remove hostPort");
    }
  }),
};
