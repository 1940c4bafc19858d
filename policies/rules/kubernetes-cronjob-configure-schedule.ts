import { CRON_JOB, onKinds, type Workload } from "../kubernetes";
import { thresholds, type ResourceRule } from "../rule";

const configSchema = {
  properties: {
    minDeadlineSeconds: {
      type: "integer" as const,
      minimum: 10,
      default: 120,
      description: "Least lateness that a turn survives: a control plane restarts in less.",
    },
    maxDeadlineSeconds: { type: "integer" as const, minimum: 10, default: 3600, description: "Most lateness: after it the next turn does." },
  },
};

export const rule: ResourceRule = {
  name: "kubernetes-cronjob-configure-schedule",
  displayName: "Never twice at a time",
  description:
    "A CronJob's clock is UTC, it never runs beside itself, a turn that is missed by more than the allowed time is over, and it is not suspended.",
  severity: "medium",
  enforcementLevel: "mandatory",
  remediationSteps: "Set timeZone to Etc/UTC, concurrencyPolicy to Forbid and startingDeadlineSeconds, and leave suspend out.",
  tags: ["runbook", "availability"],
  configSchema,
  validateResource: onKinds([CRON_JOB], ({ props, args, violation }) => {
    const { minDeadlineSeconds, maxDeadlineSeconds } = thresholds(configSchema, args);
    const { timeZone, concurrencyPolicy, startingDeadlineSeconds: deadline, suspend } = (props as Workload).spec ?? {};
    if (timeZone !== "Etc/UTC") violation(`timeZone is ${timeZone ?? "not set"}, Etc/UTC is required`, "Set it to Etc/UTC");
    if (concurrencyPolicy !== "Forbid") violation(`concurrencyPolicy is ${concurrencyPolicy ?? "not set"}, Forbid is required`, "Set it to Forbid");
    if (!(deadline! >= minDeadlineSeconds && deadline! <= maxDeadlineSeconds)) {
      violation(`startingDeadlineSeconds is ${deadline ?? "not set"}, ${minDeadlineSeconds} to ${maxDeadlineSeconds} is required`, "Set it to 600");
    }
    if (suspend) violation("it is suspended, and never runs", "Remove suspend");
  }),
};
