import { CRON_JOB, isTask, onPods } from "../kubernetes";
import { thresholds, type ResourceRule } from "../rule";

const configSchema = {
  properties: {
    minDeadlineSeconds: { type: "integer" as const, minimum: 1, default: 60, description: "Least time for a task: its image is pulled first." },
    maxDeadlineSeconds: { type: "integer" as const, minimum: 1, default: 900, description: "Most time for a task that an update waits for." },
    maxRecurringSeconds: { type: "integer" as const, minimum: 1, default: 3600, description: "Most time for one that the clock starts." },
    maxRetries: { type: "integer" as const, minimum: 1, default: 6, description: "Most times that a task is tried again." },
  },
};

export const rule: ResourceRule = {
  name: "kubernetes-job-configure-deadline",
  displayName: "Tasks end",
  description:
    "A task ends within a quarter of an hour, one that the clock starts within an hour; it is tried again a few times and no more, and its pod is not started again in place.",
  severity: "medium",
  enforcementLevel: "mandatory",
  remediationSteps: "Set activeDeadlineSeconds to the task's longest run, backoffLimit to 3, and restartPolicy to Never.",
  tags: ["availability"],
  configSchema,
  validateResource: onPods(({ type, props, spec, args, violation }) => {
    if (!isTask(type)) return;
    const { minDeadlineSeconds, maxDeadlineSeconds, maxRecurringSeconds, maxRetries } = thresholds(configSchema, args);
    const { activeDeadlineSeconds: deadline, backoffLimit } = (type === CRON_JOB ? props.spec?.jobTemplate?.spec : props.spec) ?? {};
    const most = type === CRON_JOB ? maxRecurringSeconds : maxDeadlineSeconds;
    if (!(deadline! >= minDeadlineSeconds && deadline! <= most)) {
      violation(
        `activeDeadlineSeconds is ${deadline ?? "not set"}, ${minDeadlineSeconds} to ${most} is required`,
        "Set the longest run that is in order",
      );
    }
    if (!(backoffLimit! >= 1 && backoffLimit! <= maxRetries)) {
      violation(`backoffLimit is ${backoffLimit ?? "not set"}, 1 to ${maxRetries} is required`, "Set it to 3");
    }
    if (spec.restartPolicy !== "Never") violation(`restartPolicy is ${spec.restartPolicy ?? "not set"}, Never is required`, "Set it to Never");
  }),
};
