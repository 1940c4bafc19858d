import { DISRUPTION_BUDGET, appOf, controllersIn, kindOf, nameOf, selects, templateOf, type Metadata } from "../kubernetes";
import { booksOf, scaleOf } from "../parts";
import { reporter } from "../report";
import type { StackRule } from "../rule";

interface Budget {
  metadata?: Metadata;
  spec?: {
    maxUnavailable?: number | string;
    minAvailable?: number | string;
    unhealthyPodEvictionPolicy?: string;
    selector?: { matchLabels?: Record<string, string> };
  };
}

export const rule: StackRule = {
  name: "kubernetes-workload-enforce-disruption-budget",
  displayName: "A drain takes one at a time",
  description:
    "Everything of which the book has several replicas has a disruption budget that selects its pods, lets go of one at a time, and never of none.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps: "Give the service a PodDisruptionBudget with maxUnavailable 1 and unhealthyPodEvictionPolicy AlwaysAllow.",
  tags: ["availability"],
  validateStack: (args, report) => {
    const books = booksOf(args);
    const replicated = controllersIn(args.resources).filter(resource => scaleOf(books, appOf(resource)).max > 1);
    if (replicated.length === 0) args.notApplicable("nothing in this stack has several replicas");
    const budgets = args.resources.filter(({ type }) => type === DISRUPTION_BUDGET).map(({ props }) => props as Budget);
    for (const resource of replicated) {
      const violation = reporter(kindOf(resource.type), nameOf(resource), report, resource.urn);
      const [budget, ...more] = budgets.filter(({ spec }) => selects(spec?.selector, templateOf(resource)?.metadata?.labels ?? {}));
      if (!budget || more.length > 0) {
        violation(`${budget ? more.length + 1 : 0} disruption budgets select its pods, exactly 1 is required`, "Give it one");
        continue;
      }
      const { maxUnavailable, minAvailable, unhealthyPodEvictionPolicy } = budget.spec ?? {};
      if (maxUnavailable !== 1 || minAvailable !== undefined) {
        violation(`its budget's maxUnavailable is ${maxUnavailable ?? "not set"}, 1 is required`, "Set maxUnavailable to 1");
      }
      if (unhealthyPodEvictionPolicy !== "AlwaysAllow") {
        violation("a pod of it that is not ready anyway holds up a drain", "Set unhealthyPodEvictionPolicy to AlwaysAllow");
      }
    }
  },
};
