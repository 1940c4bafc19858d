import { NETWORK_POLICY } from "../../../policies/kubernetes";
import { rule } from "../../../policies/rules/kubernetes-network-policy-disallow-open-peer";
import { describeObjectRule } from "../support";

const peer = { podSelector: { matchLabels: { app: "redis" } } };
const ports = [{ protocol: "TCP", port: 6379 }];
const except = ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"];
const policy = (spec: object, name = "data-service") => ({
  metadata: { name },
  spec: { podSelector: { matchLabels: { app: name } }, policyTypes: ["Ingress", "Egress"], ...spec },
});

describeObjectRule(rule, {
  type: NETWORK_POLICY,
  accepts: {
    "named peers and ports": policy({ ingress: [{ from: [peer], ports }], egress: [{ to: [peer], ports }] }),
    "the internet without private networks": policy({ egress: [{ to: [{ ipBlock: { cidr: "0.0.0.0/0", except } }], ports }] }),
    "addresses of nodes, by a part that asks the API": policy(
      { egress: [{ to: [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports: [{ port: 6443 }] }] },
      "prometheus",
    ),
    "nothing at all": policy({}),
  },
  reports: {
    "one direction that is left open": [policy({ policyTypes: ["Ingress"] }), "policyTypes lacks Egress"],
    "every ingress port": [policy({ ingress: [{ from: [peer] }] }), "an ingress rule opens every port"],
    "ingress from everybody": [policy({ ingress: [{ ports }] }), "an ingress rule opens to everybody"],
    "ingress from addresses": [policy({ ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.0/8" } }], ports }] }), "an ingress rule opens to addresses"],
    "ingress from every pod": [policy({ ingress: [{ from: [{ podSelector: {} }], ports }] }), "an ingress rule opens to every pod"],
    "ingress from every namespace": [
      policy({ ingress: [{ from: [{ ...peer, namespaceSelector: {} }], ports }] }),
      "an ingress rule opens to every pod",
    ],
    "every egress port": [policy({ egress: [{ to: [peer] }] }), "an egress rule opens every port"],
    "egress to everybody": [policy({ egress: [{ ports }] }), "an egress rule opens to everybody"],
    "egress to every pod": [policy({ egress: [{ to: [{ podSelector: {} }], ports }] }), "an egress rule opens to every pod"],
    "the internet with a private network": [
      policy({ egress: [{ to: [{ ipBlock: { cidr: "0.0.0.0/0", except: except.slice(1) } }], ports }] }),
      "an egress rule opens to 0.0.0.0/0 with the private 10.0.0.0/8",
    ],
    "addresses of nodes, by another part": [
      policy({ egress: [{ to: [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports: [{ port: 6443 }] }] }),
      "with the private",
    ],
    "another port of nodes": [
      policy({ egress: [{ to: [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports: [{ port: 22 }] }] }, "prometheus"),
      "with the private",
    ],
  },
});
