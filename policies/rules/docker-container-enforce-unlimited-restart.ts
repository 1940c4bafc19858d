import { isJob, onContainers } from "../docker";
import type { ResourceRule } from "../rule";

export const rule: ResourceRule = {
  name: "docker-container-enforce-unlimited-restart",
  displayName: "Unlimited restart",
  description: "Docker starts every service again after a crash, however often; a one-shot job is not started again.",
  severity: "medium",
  enforcementLevel: "mandatory",
  remediationSteps: "Set restart to always or unless-stopped without maxRetryCount, and to no on a one-shot job.",
  tags: ["availability"],
  validateResource: onContainers(({ props, violation }) => {
    const restart = props.restart ?? "no";
    if (isJob(props)) {
      if (restart !== "no")
        violation(`it is a one-shot job and restart is ${restart}, no is required`, "Set restart to no, or remove the label dev.ultrathink.job");
      return;
    }
    if (restart !== "always" && restart !== "unless-stopped") {
      violation(`restart is ${restart}, always or unless-stopped is required`, "Set restart to unless-stopped");
    }
    if (props.maxRetryCount) violation(`maxRetryCount is ${props.maxRetryCount}, no limit is allowed`, "Remove maxRetryCount");
  }),
};
