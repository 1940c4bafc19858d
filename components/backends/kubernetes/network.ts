import type * as k8s from "@pulumi/kubernetes";
import { edges, members, type System } from "../../../systems/declaration";
import type { JobSpec, ScheduleSpec, ServiceSpec } from "../../spec";
import { isReplicated } from "./availability";
import type { KubernetesContext } from "./context";
import { exposureOf } from "./exposure";
import { labelsOf, selectorOf } from "./labels";
import { portsOf } from "./ports";
import { namespaceOf, namespaces } from "./security";
import { asksOf, externalsOf, groupOf, runningIn, type Unit } from "./units";

type Peer = k8s.types.input.networking.v1.NetworkPolicyPeer;
type Port = k8s.types.input.networking.v1.NetworkPolicyPort;
type IngressRule = k8s.types.input.networking.v1.NetworkPolicyIngressRule;
type Policy = k8s.networking.v1.NetworkPolicyArgs;

/** One arrow of the graph in the words of controllers: who talks to whom, and on which ports. */
interface Arrow {
  from: string;
  to: string;
  ports: number[];
}

/** Everything that talks inside the system, and what it may reach outside. */
export interface Traffic {
  units: Unit[];
  jobs: JobSpec[];
  schedules: ScheduleSpec[];
}

const tcp = (port: number): Port => ({ protocol: "TCP", port });
const unique = (ports: (number | undefined)[]) => [...new Set(ports.filter((port): port is number => port !== undefined))].sort((a, b) => a - b);

/** Kubernetes does not keep an empty list, and would show one as a change. */
const unlessEmpty = <T>(list: T[]) => (list.length > 0 ? list : undefined);

/** The public internet: a policy knows no names, and what is private in a cluster's network is nobody's external system. */
const INTERNET: Peer = {
  ipBlock: { cidr: "0.0.0.0/0", except: ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"] },
};
/** API server and kubelets answer on addresses of nodes, which no label selects. */
const NODES: Peer = { ipBlock: { cidr: "0.0.0.0/0" } };
const API_SERVER_PORTS = [443, 6443];
const KUBELET_PORT = 10250;

const DNS: { to: Peer[]; ports: Port[] } = {
  to: [
    { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } }, podSelector: { matchLabels: { "k8s-app": "kube-dns" } } },
  ],
  ports: [
    { protocol: "UDP", port: 53 },
    { protocol: "TCP", port: 53 },
  ],
};

/** All arrows: the declared edges, what jobs wait for, what schedules reach, what Prometheus reads, and replicas among themselves. */
export function arrowsOf(system: System, { units, jobs, schedules }: Traffic): Arrow[] {
  const present = new Map(units.flatMap(unit => runningIn(unit).map(({ name }) => [name, unit] as const)));
  const arrows = new Map<string, Arrow>();
  const add = (from: string, service: string, ports: (number | undefined)[]) => {
    const to = present.get(service)?.name;
    if (!to || from === to) return;
    const arrow = arrows.get(`${from} ${to}`) ?? { from, to, ports: [] };
    arrows.set(`${from} ${to}`, { ...arrow, ports: unique([...arrow.ports, ...ports]) });
  };
  const serving = (service: string) => [portsOf(system, { name: service }).service];
  for (const { from, to } of edges(system)) {
    const unit = present.get(from);
    if (unit) add(unit.name, to, serving(to));
  }
  for (const job of jobs) for (const to of job.needs.flatMap(need => members(system, need))) add(job.name, to, serving(to));
  for (const schedule of schedules) for (const to of schedule.reaches.flatMap(name => members(system, name))) add(schedule.name, to, serving(to));
  const { service: prometheus } = system.observability.prometheus;
  for (const [service, { scrape }] of Object.entries(system.services)) {
    if (scrape && "port" in scrape && present.has(prometheus)) add(prometheus, service, [scrape.port]);
  }
  const own = units
    .filter(isReplicated)
    .map(({ name, main }) => ({ name, ports: unique([...(main.peerPorts ?? []), ...(groupOf(system, main.name) ? serving(main.name) : [])]) }))
    .filter(({ ports }) => ports.length > 0)
    .map(({ name, ports }) => ({ from: name, to: name, ports }));
  return [...arrows.values(), ...own];
}

function groupedBy<T>(list: T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of list) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

/** Nothing talks unless another policy says so. */
export function defaultDeny(context: KubernetesContext): Policy[] {
  return Object.keys(namespaces(context.system)).map(namespace => ({
    metadata: {
      name: "default-deny",
      namespace,
      labels: { "app.kubernetes.io/part-of": context.system.name, "app.kubernetes.io/managed-by": "pulumi" },
    },
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  }));
}

/** Who is exposed is also reached from the gateway's namespace; whichever pods the gateway has there. */
function gatewayRule(context: KubernetesContext, unit: Unit): IngressRule[] {
  const exposure = exposureOf(context, unit);
  if (!exposure) return [];
  const from = [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": exposure.gateway.namespace } } }];
  return [{ from, ports: unique([portsOf(context.system, unit.main).service]).map(tcp) }];
}

/** Exactly the arrows of the graph, one policy for each who talks or is talked to. */
export function networkPolicies(context: KubernetesContext, traffic: Traffic): Policy[] {
  const { system } = context;
  const arrows = arrowsOf(system, traffic);
  const incomingOf = groupedBy(arrows, ({ to }) => to);
  const outgoingOf = groupedBy(arrows, ({ from }) => from);
  const namespace = new Map<string, string>(traffic.units.map(unit => [unit.name, unit.namespace]));
  const home = (name: string) => namespace.get(name) ?? system.namespace;
  /** A peer in another namespace is named with it. */
  const peer = (name: string, seenFrom: string): Peer => ({
    podSelector: { matchLabels: selectorOf(name) },
    ...(home(name) === seenFrom ? {} : { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": home(name) } } }),
  });
  const policy = (name: string, spec: Pick<ServiceSpec, "name" | "asks" | "external">, fromOutside: IngressRule[] = []): Policy => {
    const where = namespaceOf(system, spec);
    const incoming = incomingOf.get(name) ?? [];
    const outgoing = outgoingOf.get(name) ?? [];
    const outside = [
      ...unique((spec.external ?? []).map(external => system.external[external]!.port)).map(port => ({ to: [INTERNET], ports: [tcp(port)] })),
      ...(spec.asks ? [{ to: [NODES], ports: API_SERVER_PORTS.map(tcp) }] : []),
      ...(spec.asks?.includes("node-metrics") ? [{ to: [NODES], ports: [tcp(KUBELET_PORT)] }] : []),
    ];
    return {
      metadata: { name, namespace: where, labels: labelsOf(context, name) },
      spec: {
        podSelector: { matchLabels: selectorOf(name) },
        policyTypes: ["Ingress", "Egress"],
        ingress: unlessEmpty([...incoming.map(({ from, ports }) => ({ from: [peer(from, where)], ports: ports.map(tcp) })), ...fromOutside]),
        egress: unlessEmpty([
          ...outgoing.map(({ to, ports }) => ({ to: [peer(to, where)], ports: ports.map(tcp) })),
          ...outside,
          // A name is only asked for by who talks to somebody.
          ...(outgoing.length + outside.length > 0 ? [DNS] : []),
        ]),
      },
    };
  };
  return [
    ...traffic.units.map(unit =>
      policy(unit.name, { name: unit.main.name, asks: asksOf(unit), external: externalsOf(unit) }, gatewayRule(context, unit)),
    ),
    ...[...traffic.jobs, ...traffic.schedules].map(task => policy(task.name, task)),
  ];
}
