import { onContainers } from "../docker";
import { excepted } from "../exceptions";
import type { ResourceRule } from "../rule";

const name = "docker-container-disallow-root-user";

export const rule: ResourceRule = {
  name,
  displayName: "Non-root user",
  description: "Every container runs as a user other than root, given by number; root stands in the exception table with its reason.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps: "Set user to the image's own numeric user; where only root can do the work, add a row to the pack's exception table.",
  tags: ["hardening"],
  validateResource: onContainers(({ name: container, props, violation }) => {
    if (excepted(name, container)) return;
    if (!/^[1-9]\d*(:\d+)?$/.test(props.user ?? "")) {
      violation(
        `user is ${props.user ?? "not set"}, a number above 0 is required`,
        "Set user to the number of the image's own user, such as 1000:1000",
      );
    }
  }),
};
