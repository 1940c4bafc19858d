import { books } from "../books";
import { DEPLOYMENT, STATEFUL_SET, appOf, onKinds, type Workload } from "../kubernetes";
import { scaleOf } from "../parts";
import type { ResourceRule } from "../rule";

// Judged by itself, because a whole stack is judged by what the cluster made of it, and there the autoscaler has set a number.
export const rule: ResourceRule = {
  name: "kubernetes-workload-disallow-fixed-replicas",
  displayName: "One owner of replicas",
  description:
    "What has a range of replicas in the book declares no number of its own: its autoscaler decides them, and every update would set them back.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps: "Leave replicas out.",
  tags: ["availability"],
  validateResource: onKinds([DEPLOYMENT, STATEFUL_SET], ({ props, args, violation }) => {
    const { min, max } = scaleOf(books, appOf(args));
    const { replicas } = (props as Workload).spec ?? {};
    if (min < max && replicas !== undefined) violation(`its replicas are set to ${replicas}, and its autoscaler decides them`, "Leave replicas out");
  }),
};
