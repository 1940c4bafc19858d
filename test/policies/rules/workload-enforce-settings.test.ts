import { rule } from "../../../policies/rules/workload-enforce-settings";
import { container, describeContainerRule } from "../support";

const inference = (...envs: string[]) => container({ name: "ultrathink-inference-service", envs });
const training = (...envs: string[]) =>
  container({ name: "ultrathink-training-orchestrator", envs: ["LEARNING_RATE=0.0001", "EWC_LAMBDA=1000", ...envs] });
const message = (found: string) => `container "ultrathink-inference-service": BATCH_SIZE is ${found}, the book says 16. Set BATCH_SIZE to 16.`;

describeContainerRule(rule, {
  reports: {
    "another batch size": [inference("BATCH_SIZE=64"), [message("64")]],
    "no batch size": [inference(), [message("not set")]],
    "half of the safe retraining": [
      training("TRAINING_BATCH_SIZE=64"),
      ['container "ultrathink-training-orchestrator": TRAINING_BATCH_SIZE is 64, the book says 32. Set TRAINING_BATCH_SIZE to 32.'],
    ],
  },
  accepts: {
    "the runbook's batch size": inference("OTHER=1", "BATCH_SIZE=16"),
    "the runbook's safe retraining": training("BATCH_SIZE=64", "TRAINING_BATCH_SIZE=64"),
  },
});
