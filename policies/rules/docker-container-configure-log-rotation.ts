import { onContainers } from "../docker";
import { thresholds, type ResourceRule } from "../rule";

const configSchema = {
  properties: {
    maxSize: {
      type: "string" as const,
      pattern: "^[0-9]+[kmg]$",
      default: "10m",
      description: "Size at which a log file is rotated, in Docker's units.",
    },
    maxFile: { type: "integer" as const, minimum: 1, default: 3, description: "Log files kept of a container." },
  },
};

export const rule: ResourceRule = {
  name: "docker-container-configure-log-rotation",
  displayName: "Log rotation",
  description: "Every container logs to json-file, rotated at 10 MB, three files kept; the daemon's default is unbounded.",
  severity: "medium",
  enforcementLevel: "mandatory",
  remediationSteps: "Set logDriver to json-file and logOpts to max-size 10m and max-file 3.",
  tags: ["runbook", "retention"],
  configSchema,
  validateResource: onContainers(({ props, args, violation }) => {
    const { maxSize, maxFile } = thresholds(configSchema, args);
    if (props.logDriver !== "json-file") {
      violation(`logDriver is ${props.logDriver ?? "not set"}, json-file is required`, "Set logDriver to json-file");
    }
    for (const [option, value] of Object.entries({ "max-size": maxSize, "max-file": String(maxFile) })) {
      const found = props.logOpts?.[option];
      if (found !== value) violation(`logOpts ${option} is ${found ?? "not set"}, ${value} is required`, `Set logOpts ${option} to ${value}`);
    }
  }),
};
