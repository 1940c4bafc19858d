import { excepted } from "../exceptions";
import { NAMESPACE, onKinds } from "../kubernetes";
import type { ResourceRule } from "../rule";

const name = "kubernetes-namespace-enforce-pod-security";

export const rule: ResourceRule = {
  name,
  displayName: "Pod Security standard",
  description: "Every namespace enforces, audits and warns by the restricted Pod Security standard; another one stands in the exception table.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps: "Label the namespace with pod-security.kubernetes.io/enforce, audit and warn set to restricted.",
  tags: ["hardening"],
  validateResource: onKinds([NAMESPACE], ({ name: namespace, props, violation }) => {
    for (const mode of ["enforce", "audit", "warn"]) {
      const label = `pod-security.kubernetes.io/${mode}`;
      const level = props.metadata?.labels?.[label];
      if (level !== "restricted" && !(level && excepted(name, namespace, level))) {
        violation(`label ${label} is ${level ?? "not set"}, restricted is required`, "Set it to restricted, or add an exception with its reason");
      }
      const version = props.metadata?.labels?.[`${label}-version`];
      if (version !== "latest") violation(`label ${label}-version is ${version ?? "not set"}, latest is required`, "Set it to latest");
    }
  }),
};
