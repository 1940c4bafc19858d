import { JOB } from "../../../policies/kubernetes";
import { rule } from "../../../policies/rules/kubernetes-job-configure-deadline";
import { deployment, describeObjectRule } from "../support";

const task = (change: object, restartPolicy = "Never") => ({
  ...deployment(),
  spec: { ...deployment({ restartPolicy }).spec, activeDeadlineSeconds: 900, backoffLimit: 3, ...change },
});

describeObjectRule(rule, {
  type: JOB,
  accepts: {
    "a task of a quarter of an hour": task({}),
  },
  reports: {
    "no end": [task({ activeDeadlineSeconds: undefined }), "activeDeadlineSeconds is not set"],
    "ten hours": [task({ activeDeadlineSeconds: 36_000 }), "activeDeadlineSeconds is 36000"],
    "too little to pull an image": [task({ activeDeadlineSeconds: 6 }), "activeDeadlineSeconds is 6"],
    "tries without end": [task({ backoffLimit: 30 }), "backoffLimit is 30"],
    "one try alone": [task({ backoffLimit: 0 }), "backoffLimit is 0"],
    "a start in place": [task({}, "OnFailure"), "restartPolicy is OnFailure"],
  },
});
