import { DAEMON_SET, DEPLOYMENT, STATEFUL_SET, containersOf, onPods } from "../kubernetes";
import { thresholds, type ResourceRule } from "../rule";

const configSchema = {
  properties: {
    minProgressSeconds: {
      type: "integer" as const,
      minimum: 1,
      default: 120,
      description: "Least time without progress until a roll-out has failed.",
    },
    maxProgressSeconds: { type: "integer" as const, minimum: 1, default: 900, description: "Most time until then." },
  },
};

export const rule: ResourceRule = {
  name: "kubernetes-workload-configure-rollout",
  displayName: "A roll-out never takes all",
  description:
    "Pods are replaced one by one: a second comes before the first goes, or, where each has a GPU that nobody has to spare, one goes before the next comes; a roll-out that stands still is reported.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Set the strategy to RollingUpdate with maxSurge 1 and maxUnavailable 0, with a GPU the other way round, and progressDeadlineSeconds.",
  tags: ["availability"],
  configSchema,
  validateResource: onPods(({ type, props, spec, args, violation }) => {
    const { maxProgressSeconds, minProgressSeconds } = thresholds(configSchema, args);
    const { strategy, updateStrategy, progressDeadlineSeconds: deadline } = props.spec ?? {};
    if (type === DEPLOYMENT) {
      const gpu = containersOf(spec).some(({ container }) => container.resources?.limits?.["nvidia.com/gpu"]);
      const [surge, unavailable] = gpu ? [0, 1] : [1, 0];
      const { maxSurge, maxUnavailable } = strategy?.rollingUpdate ?? {};
      if (strategy?.type !== "RollingUpdate") violation(`its strategy is ${strategy?.type ?? "not set"}, RollingUpdate is required`, "Set it");
      if (maxSurge !== surge || maxUnavailable !== unavailable) {
        violation(
          `its roll-out has maxSurge ${maxSurge ?? "not set"} and maxUnavailable ${maxUnavailable ?? "not set"}, ${surge} and ${unavailable} are required`,
          "Set them",
        );
      }
      if (!(deadline! >= minProgressSeconds && deadline! <= maxProgressSeconds)) {
        violation(
          `progressDeadlineSeconds is ${deadline ?? "not set"}, ${minProgressSeconds} to ${maxProgressSeconds} is required`,
          "Set the longest start, and time to find a node",
        );
      }
    }
    if (type === STATEFUL_SET || type === DAEMON_SET) {
      if (updateStrategy?.type !== "RollingUpdate")
        violation(`its update strategy is ${updateStrategy?.type ?? "not set"}, RollingUpdate is required`, "Set it");
      const together = updateStrategy?.rollingUpdate?.maxUnavailable ?? 1;
      if (together !== 1) violation(`its roll-out takes ${together} pods at a time, 1 is allowed`, "Set maxUnavailable to 1");
    }
  }),
};
