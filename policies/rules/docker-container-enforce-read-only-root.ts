import { onContainers } from "../docker";
import type { ResourceRule } from "../rule";

export const rule: ResourceRule = {
  name: "docker-container-enforce-read-only-root",
  displayName: "Read-only root file system",
  description: "A container without uploads has a read-only root file system; Docker cannot upload into one.",
  severity: "medium",
  enforcementLevel: "mandatory",
  remediationSteps: "Set readOnly to true, and give the service a tmpfs or a volume where it writes.",
  tags: ["hardening"],
  validateResource: onContainers(({ props, violation }) => {
    if ((props.uploads ?? []).length === 0 && props.readOnly !== true) {
      violation("it has no uploads and a writable root file system", "Set readOnly to true and mount a tmpfs where it writes");
    }
  }),
};
