import { isJob, mountsOf, onContainers } from "../docker";
import { thresholds, type ResourceRule } from "../rule";

const configSchema = {
  properties: {
    minSeconds: {
      type: "integer" as const,
      minimum: 1,
      default: 60,
      description: "Least time between SIGTERM and SIGKILL for a service that keeps data.",
    },
    minPlainSeconds: { type: "integer" as const, minimum: 1, default: 10, description: "The same for every other service." },
  },
};

export const rule: ResourceRule = {
  name: "docker-container-configure-stop-grace",
  displayName: "Time to stop",
  description:
    "A service that mounts a volume gets at least 60 s to stop, every other one 10, whoever stops it; unset, the provider kills it at once and its data is left as after a crash.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps: "Set destroyGraceSeconds and stopTimeout to at least 60, longer where a clean stop takes longer.",
  tags: ["availability", "data"],
  configSchema,
  validateResource: onContainers(({ props, args, violation }) => {
    if (isJob(props)) return;
    const { minSeconds, minPlainSeconds } = thresholds(configSchema, args);
    const keeps = mountsOf(props).some(mount => mount.kind === "volume");
    const least = keeps ? minSeconds : minPlainSeconds;
    const grace = props.destroyGraceSeconds;
    if (!((grace ?? 0) >= least)) {
      violation(
        `${keeps ? "it mounts a volume and " : ""}destroyGraceSeconds is ${grace ?? "not set"}, at least ${least} is required`,
        `Set destroyGraceSeconds to ${least} or more`,
      );
    } else if (props.stopTimeout !== grace) {
      violation(
        `stopTimeout is ${props.stopTimeout ?? "not set"}, ${grace}, the same as destroyGraceSeconds, is required`,
        `Set stopTimeout to ${grace}`,
      );
    }
  }),
};
