import { STATEFUL_SET, appOf, controllersIn, kindOf, nameOf, selects, templateOf } from "../kubernetes";
import { booksOf, scaleOf } from "../parts";
import { reporter } from "../report";
import type { StackRule } from "../rule";

export const rule: StackRule = {
  name: "kubernetes-workload-enforce-topology-spread",
  displayName: "Replicas apart",
  description: "Replicas are spread over hosts, bindingly, and over zones: bindingly where a quorum lives in them, else as a wish.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Give the pod a constraint for kubernetes.io/hostname and one for topology.kubernetes.io/zone, each with maxSkew 1 and a selector of its own label.",
  tags: ["availability"],
  validateStack: (args, report) => {
    const books = booksOf(args);
    const replicated = controllersIn(args.resources).filter(resource => scaleOf(books, appOf(resource)).max > 1);
    if (replicated.length === 0) args.notApplicable("nothing in this stack has several replicas");
    for (const resource of replicated) {
      const violation = reporter(kindOf(resource.type), nameOf(resource), report, resource.urn);
      const template = templateOf(resource);
      const required = { "kubernetes.io/hostname": true, "topology.kubernetes.io/zone": resource.type === STATEFUL_SET };
      for (const [key, binding] of Object.entries(required)) {
        const constraint = template?.spec?.topologySpreadConstraints?.find(({ topologyKey }) => topologyKey === key);
        if (!constraint || !selects(constraint.labelSelector, template?.metadata?.labels ?? {})) {
          violation(`no constraint spreads its pods over ${key}`, "Add one with a selector of its own label");
          continue;
        }
        if (constraint.maxSkew !== 1) violation(`maxSkew over ${key} is ${constraint.maxSkew ?? "not set"}, 1 is required`, "Set maxSkew to 1");
        const { whenUnsatisfiable: otherwise } = constraint;
        if (binding && otherwise !== "DoNotSchedule") {
          violation(`the constraint over ${key} is ${otherwise ?? "not set"}, DoNotSchedule is required`, "Set whenUnsatisfiable to DoNotSchedule");
        }
      }
    }
  },
};
