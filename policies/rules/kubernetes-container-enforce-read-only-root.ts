import { onPodContainers } from "../kubernetes";
import type { ResourceRule } from "../rule";

export const rule: ResourceRule = {
  name: "kubernetes-container-enforce-read-only-root",
  displayName: "Read-only root file system",
  description: "Every container has a read-only root file system, and writes to volumes alone.",
  severity: "medium",
  enforcementLevel: "mandatory",
  remediationSteps: "Set readOnlyRootFilesystem to true, and give the container an emptyDir where it writes.",
  tags: ["hardening"],
  validateResource: onPodContainers(({ container, violation }) => {
    if (container.securityContext?.readOnlyRootFilesystem !== true) {
      violation("readOnlyRootFilesystem is not true", "Set it to true, and mount an emptyDir where it writes");
    }
  }),
};
