import { STATEFUL_SET, isTask, onPods } from "../kubernetes";
import { thresholds, type ResourceRule } from "../rule";

const configSchema = {
  properties: {
    minSeconds: { type: "integer" as const, minimum: 1, default: 10, description: "Least time between SIGTERM and SIGKILL." },
    minDataSeconds: { type: "integer" as const, minimum: 1, default: 60, description: "The same for a service that keeps data." },
    maxSeconds: { type: "integer" as const, minimum: 1, default: 90, description: "Most time: a drained node waits as long." },
    maxDataSeconds: { type: "integer" as const, minimum: 1, default: 180, description: "The same for a service that keeps data." },
  },
};

/** The load balancers of a cluster have forgotten a pod after as many seconds. */
const maxDrainSeconds = 30;

export const rule: ResourceRule = {
  name: "kubernetes-pod-configure-stop-grace",
  displayName: "Time to stop",
  description:
    "A pod that keeps data gets 60 to 180 s to stop, every other service 10 to 90 s, and a hook before the stop leaves time for the stop itself.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps: "Set terminationGracePeriodSeconds to what a clean stop takes; a waiting hook before it is shorter.",
  tags: ["availability", "data"],
  configSchema,
  validateResource: onPods(({ type, props, spec, args, violation }) => {
    if (isTask(type)) return;
    const { minSeconds, minDataSeconds, maxSeconds, maxDataSeconds } = thresholds(configSchema, args);
    const keeps = type === STATEFUL_SET && (props.spec?.volumeClaimTemplates ?? []).length > 0;
    const [least, most] = keeps ? [minDataSeconds, maxDataSeconds] : [minSeconds, maxSeconds];
    const grace = spec.terminationGracePeriodSeconds;
    if (!(grace! >= least && grace! <= most)) {
      violation(`terminationGracePeriodSeconds is ${grace ?? "not set"}, ${least} to ${most} is required`, `Set it to ${least} or more`);
    }
    for (const { name, lifecycle } of spec.containers ?? []) {
      const wait = lifecycle?.preStop?.sleep?.seconds ?? 0;
      if (wait > maxDrainSeconds || wait >= (grace ?? Infinity)) {
        violation(
          `container ${name}: its hook waits ${wait} s before the stop, at most ${maxDrainSeconds} and less than the grace is allowed`,
          "Shorten it",
        );
      }
    }
  }),
};
