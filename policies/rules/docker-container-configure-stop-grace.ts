import { mountsOf, onContainers } from "../docker";
import { thresholds, type ResourceRule } from "../rule";

const configSchema = {
  properties: {
    minSeconds: {
      type: "integer" as const,
      minimum: 1,
      default: 60,
      description: "Least time between SIGTERM and SIGKILL for a service that keeps data.",
    },
  },
};

export const rule: ResourceRule = {
  name: "docker-container-configure-stop-grace",
  displayName: "Time to stop",
  description:
    "A container that mounts a volume gets at least 60 s to stop; unset, the provider kills it at once and its data is left as after a crash.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps: "Set destroyGraceSeconds to at least 60, longer where a clean stop takes longer.",
  tags: ["availability", "data"],
  configSchema,
  validateResource: onContainers(({ props, args, violation }) => {
    const { minSeconds } = thresholds<{ minSeconds: number }>(configSchema, args);
    if (mountsOf(props).some(mount => mount.kind === "volume") && !((props.destroyGraceSeconds ?? 0) >= minSeconds)) {
      violation(
        `it mounts a volume and destroyGraceSeconds is ${props.destroyGraceSeconds ?? "not set"}, at least ${minSeconds} is required`,
        `Set destroyGraceSeconds to ${minSeconds} or more`,
      );
    }
  }),
};
