import { NETWORK_POLICY, controllersIn, type Metadata } from "../kubernetes";
import { reporter } from "../report";
import type { StackRule } from "../rule";

interface Policy {
  metadata?: Metadata;
  spec?: { podSelector?: { matchLabels?: object; matchExpressions?: object[] }; policyTypes?: string[]; ingress?: object[]; egress?: object[] };
}

function deniesEverything(spec: Policy["spec"]): boolean {
  const { podSelector, policyTypes = [], ingress = [], egress = [] } = spec ?? {};
  const all = podSelector && Object.keys(podSelector.matchLabels ?? {}).length + (podSelector.matchExpressions ?? []).length === 0;
  return all === true && policyTypes.includes("Ingress") && policyTypes.includes("Egress") && ingress.length + egress.length === 0;
}

export const rule: StackRule = {
  name: "kubernetes-namespace-enforce-default-deny",
  displayName: "Nothing talks unless allowed",
  description: "Every namespace in which something runs has a network policy that selects every pod, for both directions, and allows nothing.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps: "Give the namespace a policy with an empty podSelector, both policyTypes and no rules.",
  tags: ["network"],
  validateStack: (args, report) => {
    const namespaces = new Set(controllersIn(args.resources).map(({ props }) => (props["metadata"] as Metadata | undefined)?.namespace ?? "default"));
    if (namespaces.size === 0) args.notApplicable("nothing in this stack runs on Kubernetes");
    const policies = args.resources.filter(({ type }) => type === NETWORK_POLICY).map(({ props }) => props as Policy);
    for (const namespace of namespaces) {
      const denies = policies.some(({ metadata, spec }) => metadata?.namespace === namespace && deniesEverything(spec));
      if (!denies) reporter("Namespace", namespace, report)("no network policy forbids everything in it", "Add a policy default-deny");
    }
  },
};
