import { CRON_JOB } from "../../../policies/kubernetes";
import { rule } from "../../../policies/rules/kubernetes-cronjob-configure-schedule";
import { describeObjectRule } from "../support";

const cron = (change: object) => ({
  metadata: { name: "vacuum-analyze" },
  spec: { timeZone: "Etc/UTC", concurrencyPolicy: "Forbid", startingDeadlineSeconds: 600, ...change },
});

describeObjectRule(rule, {
  type: CRON_JOB,
  accepts: {
    "a clock in UTC": cron({}),
  },
  reports: {
    "a clock of the node": [cron({ timeZone: undefined }), "timeZone is not set"],
    "one beside itself": [cron({ concurrencyPolicy: "Allow" }), "concurrencyPolicy is Allow"],
    "a turn of yesterday": [cron({ startingDeadlineSeconds: 86_400 }), "startingDeadlineSeconds is 86400"],
    "no turn at all": [cron({ startingDeadlineSeconds: 6 }), "startingDeadlineSeconds is 6"],
    "a suspension": [cron({ suspend: true }), "it is suspended"],
  },
});
