import { STATEFUL_SET, type Workload } from "../../../policies/kubernetes";
import { rule } from "../../../policies/rules/kubernetes-pod-configure-stop-grace";
import { deployment, describeObjectRule } from "../support";

function database(terminationGracePeriodSeconds: number): Workload {
  const workload = deployment({ terminationGracePeriodSeconds });
  workload.spec!.volumeClaimTemplates = [{ metadata: { name: "data" } }];
  return workload;
}

describeObjectRule(rule, {
  type: STATEFUL_SET,
  accepts: {
    "a service without data": deployment(),
    "a service with data": database(60),
  },
  reports: {
    "no time": [deployment({ terminationGracePeriodSeconds: undefined }), "terminationGracePeriodSeconds is not set, 10 to 90 is required"],
    "too little for data": [database(59), "terminationGracePeriodSeconds is 59, 60 to 180 is required"],
    "ten minutes": [deployment({ terminationGracePeriodSeconds: 600 }), "terminationGracePeriodSeconds is 600"],
    "a hook that takes all of it": [deployment({}, { lifecycle: { preStop: { sleep: { seconds: 40 } } } }), "its hook waits 40 s before the stop"],
  },
});
