import { rule } from "../../../policies/rules/workload-enforce-settings";
import { container, describeContainerRule } from "../support";

const inference = (...envs: string[]) => container({ name: "ultrathink-inference-service", envs });
const message = (found: string) => `container "ultrathink-inference-service": BATCH_SIZE is ${found}, the book says 16. Set BATCH_SIZE to 16.`;

describeContainerRule(rule, {
  reports: {
    "another batch size": [inference("BATCH_SIZE=64"), [message("64")]],
    "no batch size": [inference(), [message("not set")]],
  },
  accepts: { "the runbook's batch size": inference("OTHER=1", "BATCH_SIZE=16") },
});
