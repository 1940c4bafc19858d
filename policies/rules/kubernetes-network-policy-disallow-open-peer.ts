import { books } from "../books";
import { NETWORK_POLICY, onKinds } from "../kubernetes";
import type { ResourceRule } from "../rule";

/** Networks whose addresses are nobody's on the internet. */
const PRIVATE = ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"];
/** API server and kubelets, on addresses of nodes. */
const NODE_PORTS = [443, 6443, 10_250];

interface Selector {
  matchLabels?: object;
  matchExpressions?: object[];
}
interface Peer {
  podSelector?: Selector;
  namespaceSelector?: Selector;
  ipBlock?: { cidr?: string; except?: string[] };
}
interface Spec {
  policyTypes?: string[];
  ingress?: { from?: Peer[]; ports?: { port?: number }[] }[];
  egress?: { to?: Peer[]; ports?: { port?: number }[] }[];
}

const isEmpty = (selector: Selector | undefined) =>
  selector !== undefined && Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0;

/** A selector that is there and selects nothing in particular selects everything. */
const isAnybody = (peer: Peer) => isEmpty(peer.podSelector) || isEmpty(peer.namespaceSelector) || Object.keys(peer).length === 0;

export const rule: ResourceRule = {
  name: "kubernetes-network-policy-disallow-open-peer",
  displayName: "No open network policy",
  description:
    "Every rule of a network policy names its peers by label and its ports; addresses stand only where something outside is reached: the internet without private networks, or nodes' addresses by the parts that ask the API.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Name the peer by podSelector and, in another namespace, namespaceSelector, and the ports; for something outside declare it as external.",
  tags: ["network"],
  validateResource: onKinds([NETWORK_POLICY], ({ name, props, violation }) => {
    const { ingress = [], egress = [], policyTypes = [] } = (props["spec"] ?? {}) as Spec;
    for (const type of ["Ingress", "Egress"].filter(each => !policyTypes.includes(each))) {
      violation(`policyTypes lacks ${type}, which it would leave open`, `Add ${type}`);
    }
    const mayReachNodes = books.some(({ tokens = {} }) => name in tokens);
    for (const { from = [], ports = [] } of ingress) {
      if (ports.length === 0) violation("an ingress rule opens every port", "Name the ports");
      if (from.length === 0) violation("an ingress rule opens to everybody", "Name the peers");
      if (from.some(peer => peer.ipBlock)) violation("an ingress rule opens to addresses", "Name the peers by label");
      if (from.some(isAnybody)) violation("an ingress rule opens to every pod", "Name the peers by label");
    }
    for (const { to = [], ports = [] } of egress) {
      if (ports.length === 0) violation("an egress rule opens every port", "Name the ports");
      if (to.length === 0) violation("an egress rule opens to everybody", "Name the peers");
      if (to.some(isAnybody)) violation("an egress rule opens to every pod", "Name the peers by label");
      for (const { cidr, except = [] } of to.flatMap(peer => peer.ipBlock ?? [])) {
        const open = PRIVATE.filter(range => !except.includes(range));
        const toNodes = mayReachNodes && ports.every(({ port }) => NODE_PORTS.includes(port!));
        if (open.length > 0 && !toNodes) {
          violation(
            `an egress rule opens to ${cidr ?? "addresses"} with the private ${open.join(", ")}`,
            "Take private networks out of it, or name the peer by label",
          );
        }
      }
    }
  }),
};
