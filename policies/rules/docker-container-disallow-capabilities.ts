import { onContainers } from "../docker";
import { excepted } from "../exceptions";
import type { ResourceRule } from "../rule";

const name = "docker-container-disallow-capabilities";

export const rule: ResourceRule = {
  name,
  displayName: "No capabilities",
  description: "Every container drops all Linux capabilities; one that is kept stands in the exception table with its reason.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps: "Drop ALL in capabilities and add none back; a capability that is needed gets a row in the pack's exception table.",
  tags: ["hardening"],
  validateResource: onContainers(({ name: container, props, violation }) => {
    if (!(props.capabilities?.drops ?? []).some(capability => capability.toUpperCase() === "ALL")) {
      violation("capabilities.drops lacks ALL", 'Set capabilities.drops to ["ALL"]');
    }
    for (const added of props.capabilities?.adds ?? []) {
      const capability = added.toUpperCase().replace(/^CAP_/, "");
      if (!excepted(name, container, capability)) {
        violation(
          `capability ${capability} is added, and the exception table does not have it`,
          `Remove ${capability}, or add an exception with its reason`,
        );
      }
    }
  }),
};
