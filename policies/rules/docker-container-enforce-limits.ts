import { onContainers } from "../docker";
import type { ResourceRule } from "../rule";

export const rule: ResourceRule = {
  name: "docker-container-enforce-limits",
  displayName: "Bounded CPU and memory",
  description:
    "Every container, jobs included, has a CPU limit and a memory limit that swap does not extend; without memorySwap Docker adds as much swap again.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps: "Set cpus, memory, and memorySwap to the same number as memory.",
  tags: ["resources"],
  validateResource: onContainers(({ props, violation }) => {
    if (!(Number(props.cpus) > 0)) violation(`cpus is ${props.cpus ?? "not set"}, a limit is required`, "Set cpus");
    if (!props.memory) violation("memory is not set, a limit is required", "Set memory, in MiB");
    else if (props.memorySwap !== props.memory) {
      violation(
        `memorySwap is ${props.memorySwap ?? "not set"}, ${props.memory} MiB, the same as memory, is required`,
        `Set memorySwap to ${props.memory}`,
      );
    }
  }),
};
