import { NAMESPACE, onKinds } from "../kubernetes";
import type { ResourceRule } from "../rule";

export const rule: ResourceRule = {
  name: "kubernetes-namespace-enable-protection",
  displayName: "Protected namespaces",
  description: "Every namespace is protected: with it would go the claims of everything in it.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps: "Set the resource options protect and retainOnDelete on the namespace.",
  tags: ["data"],
  validateResource: onKinds([NAMESPACE], ({ args, violation }) => {
    if (!args.opts.protect)
      violation("it is not protected, and a destroy would delete its claims", "Set protect and retainOnDelete in its resource options");
  }),
};
