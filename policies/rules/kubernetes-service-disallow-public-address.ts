import { books } from "../books";
import { SERVICE, kindOf, nameOf } from "../kubernetes";
import { reporter } from "../report";
import type { ResourceRule } from "../rule";

const TYPES = /:(Service|Ingress|HTTPRoute|GRPCRoute|TCPRoute|TLSRoute|UDPRoute|Gateway)$/;

interface Spec {
  type?: string;
  externalIPs?: string[];
  externalName?: string;
  ports?: { nodePort?: number }[];
}
interface Route {
  hostnames?: string[];
  rules?: { backendRefs?: { name?: string }[] }[];
}

export const rule: ResourceRule = {
  name: "kubernetes-service-disallow-public-address",
  displayName: "One way in",
  description:
    "Services have addresses inside the cluster alone; clients outside reach the book's exposed services by a route of the cluster's Gateway, and nothing by a node's port, a load balancer, an external address or an Ingress.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps: "Set the Service's type to ClusterIP; what clients outside need is declared exposed, in the book as well.",
  tags: ["network"],
  validateResource: (args, report) => {
    if (!TYPES.test(args.type)) args.notApplicable("judges Services, Ingresses and routes only");
    const violation = reporter(kindOf(args.type), nameOf(args), report);
    if (args.type !== SERVICE) {
      const exposed = books.some(book => book.exposed?.includes(nameOf(args)));
      if (kindOf(args.type) !== "HTTPRoute" || !exposed)
        violation("it leads from outside to what no book exposes that way", "Remove it, or expose the service in declaration and book");
      const { hostnames = [], rules = [] } = (args.props["spec"] ?? {}) as Route;
      if (hostnames.length === 0 || hostnames.some(name => name.includes("*"))) violation("it takes every host name", "Name the host");
      for (const { name } of rules.flatMap(each => each.backendRefs ?? [])) {
        if (!books.some(book => book.exposed?.includes(name ?? "")))
          violation(`it leads to ${name ?? "nobody"}, which no book exposes`, "Lead it to the exposed service");
      }
      return;
    }
    const { type = "ClusterIP", externalIPs = [], externalName = "", ports = [] } = (args.props["spec"] ?? {}) as Spec;
    if (type !== "ClusterIP" && type !== "ExternalName") violation(`its type is ${type}, ClusterIP is required`, "Set type to ClusterIP");
    if (type === "ExternalName" && !externalName.includes(".svc."))
      violation(`it stands for ${externalName}, outside the cluster`, "Reach what is outside by its own name");
    if (externalIPs.length > 0) violation("it has external addresses", "Remove externalIPs");
    if (ports.some(({ nodePort }) => nodePort)) violation("it takes a port of every node", "Remove nodePort");
  },
};
