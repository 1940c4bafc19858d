import { isJob, onContainers } from "../docker";
import { excepted } from "../exceptions";
import { seconds } from "../parsers/duration";
import { thresholds, type ResourceRule } from "../rule";

const name = "docker-container-configure-health-check";

const configSchema = {
  properties: {
    maxIntervalSeconds: {
      type: "number" as const,
      minimum: 1,
      default: 30,
      description: "Longest time between two checks: three failures in a row then fit into the two minutes after which a service counts as down.",
    },
    maxRetries: {
      type: "integer" as const,
      minimum: 1,
      default: 10,
      description: "Most failures in a row before the container counts as unhealthy.",
    },
    maxStartSeconds: { type: "number" as const, minimum: 1, default: 240, description: "Longest start that is still in order." },
  },
};

/** Commands that exit 0 whatever the service does. */
const ALWAYS_HEALTHY = /^(?:\/bin\/)?(?:true|:|exit 0|sh -c true|sh -c exit 0)$/;

export const rule: ResourceRule = {
  name,
  displayName: "Health check",
  description: "Every service has a health check of its own with a command, an interval, a timeout within it and retries; one-shot jobs have none.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Give the service a health check that runs the runbook's own check, with an interval of at most 30 s and a timeout within the interval.",
  tags: ["runbook", "health"],
  configSchema,
  validateResource: onContainers(({ name: container, props, args, violation }) => {
    if (isJob(props) || excepted(name, container)) return;
    const { maxIntervalSeconds, maxRetries, maxStartSeconds } = thresholds(configSchema, args);
    const check = props.healthcheck;
    const [form, ...command] = check?.tests ?? [];
    if (check === undefined || command.length === 0 || (form !== "CMD" && form !== "CMD-SHELL")) {
      violation("it has no health check command", 'Set healthcheck.tests to ["CMD", …] with a command that exits 0 when the service does its job');
      return;
    }
    if (ALWAYS_HEALTHY.test(command.join(" ").trim())) {
      violation("its health check passes whatever the service does", "Let healthcheck.tests ask the service itself");
    }
    const interval = seconds(check.interval);
    const timeout = seconds(check.timeout);
    if (!interval || interval > maxIntervalSeconds) {
      violation(`healthcheck.interval is ${check.interval ?? "not set"}, at most ${maxIntervalSeconds}s is allowed`, "Set it to 15s");
    }
    if (!timeout || timeout > (interval || maxIntervalSeconds)) {
      violation(`healthcheck.timeout is ${check.timeout ?? "not set"}, more than 0s and at most the interval is allowed`, "Set it to 5s");
    }
    if (!check.retries || check.retries > maxRetries) {
      violation(`healthcheck.retries is ${check.retries ?? "not set"}, 1 to ${maxRetries} is allowed`, "Set it to 3");
    }
    const start = seconds(check.startPeriod);
    if (start && start > maxStartSeconds) {
      violation(
        `healthcheck.startPeriod is ${check.startPeriod}, at most ${maxStartSeconds}s is allowed`,
        "Set it to the longest start that is in order",
      );
    }
    if (!start) {
      violation(
        `healthcheck.startPeriod is ${check.startPeriod ?? "not set"}, the service's longest start-up is needed`,
        "Set it to the longest start-up that is still in order, such as 60s",
      );
    }
  }),
};
