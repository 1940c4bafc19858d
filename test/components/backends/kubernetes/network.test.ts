import { arrowsOf, defaultDeny, networkPolicies, type Traffic } from "../../../../components/backends/kubernetes/network";
import { unitsOf } from "../../../../components/backends/kubernetes/units";
import type { ServiceSpec } from "../../../../components/spec";
import { edges, members } from "../../../../systems/declaration";
import { context, spec, system } from "./support";

const names = Object.keys(system.services).filter(name => name !== "scheduler");
const task = { ...spec("redis"), needs: [] };
const job = { ...task, name: "kafka-topics", needs: system.groups.kafka!, deadline: "60s" as const };
const schedule = {
  ...task,
  name: "health-report",
  reaches: ["prometheus"],
  schedule: "0 * * * *",
  purpose: "",
  deadline: "60s" as const,
};
const extra: Record<string, Partial<ServiceSpec>> = { zookeeper: { peerPorts: [2888, 3888] }, backup: { sidecarOf: "timescaledb" } };
const traffic: Traffic = {
  units: unitsOf(
    system,
    names.map(name => spec(name, extra[name] ?? {})),
  ),
  jobs: [job],
  schedules: [schedule],
};

interface Rule {
  from?: { podSelector: { matchLabels: { app: string } } }[];
  to?: { podSelector?: { matchLabels: { app?: string } }; ipBlock?: { cidr: string }; namespaceSelector?: object }[];
  ports: { port: number }[];
}
const policies = networkPolicies(context, traffic);
const policy = (name: string) =>
  policies.find(({ metadata }) => (metadata as { name: string }).name === name)!.spec as { ingress?: Rule[]; egress?: Rule[] };
const named = (rules: Rule[] | undefined, side: "from" | "to") =>
  Object.fromEntries(
    (rules ?? []).flatMap(rule => {
      const app = rule[side]![0]!.podSelector?.matchLabels.app;
      return app ? [[app, rule.ports.map(({ port }) => port)]] : [];
    }),
  );

test("nothing talks in either namespace unless a policy says so", () => {
  expect(defaultDeny(context).map(({ metadata, spec: rules }) => [(metadata as { namespace: string }).namespace, rules])).toEqual([
    ["ultrathink", { podSelector: {}, policyTypes: ["Ingress", "Egress"] }],
    ["ultrathink-node", { podSelector: {}, policyTypes: ["Ingress", "Egress"] }],
  ]);
});

test("the arrows are the graph's edges, the scrape paths, the tasks' and those within a quorum, and no other", () => {
  const unit = (name: string) => (members(system, "kafka").includes(name) ? "kafka" : (extra[name]?.sidecarOf ?? name));
  const scraped = names
    .filter(name => "port" in (system.services[name]!.scrape ?? {}) && name !== "prometheus")
    .map(name => `prometheus ${unit(name)}`);
  const graph = edges(system)
    .filter(({ from }) => from !== "scheduler")
    .map(({ from, to }) => ({ from: unit(from), to: unit(to) }))
    .filter(({ from, to }) => from !== to)
    .map(({ from, to }) => `${from} ${to}`);
  const expected = new Set([...graph, ...scraped, "kafka-topics kafka", "health-report prometheus", "kafka kafka", "zookeeper zookeeper"]);
  expect(
    arrowsOf(system, traffic)
      .map(({ from, to }) => `${from} ${to}`)
      .sort(),
  ).toEqual([...expected].sort());
});

test("every way out of one service is a way into another, on the same ports", () => {
  const out = policies.flatMap(({ metadata, spec: rules }) => {
    const { name } = metadata as { name: string };
    return Object.entries(named((rules as { egress?: Rule[] }).egress, "to")).map(([to, ports]) => `${name} → ${to} ${String(ports)}`);
  });
  const into = policies.flatMap(({ metadata, spec: rules }) => {
    const { name } = metadata as { name: string };
    return Object.entries(named((rules as { ingress?: Rule[] }).ingress, "from")).map(([from, ports]) => `${from} → ${name} ${String(ports)}`);
  });
  expect(out.sort()).toEqual(into.sort());
});

test("brokers take messages and give metrics, each to whom it belongs", () => {
  expect(named(policy("kafka").ingress, "from")).toMatchObject({
    "inference-service": [9092],
    prometheus: [9404],
    kafka: [9092],
    "kafka-topics": [9092],
  });
  expect(named(policy("zookeeper").ingress, "from")).toEqual({ kafka: [2181], "blackbox-exporter": [2181], zookeeper: [2888, 3888] });
});

test("who talks to nobody asks for no name", () => {
  expect(policy("redis").egress).toBeUndefined();
});

test("only declared ways lead out of the cluster, and none into its private networks", () => {
  const outside = policies.flatMap(({ metadata, spec: rules }) => {
    const blocks = ((rules as { egress?: Rule[] }).egress ?? []).filter(({ to }) => to?.[0]?.ipBlock);
    return blocks.length > 0 ? [[(metadata as { name: string }).name, blocks.flatMap(({ ports }) => ports.map(({ port }) => port))]] : [];
  });
  expect(Object.fromEntries(outside)).toEqual({ alertmanager: [443], timescaledb: [443] });
  expect(JSON.stringify(policy("alertmanager").egress)).toContain("10.0.0.0/8");
});

test("an agent in the namespace of the nodes is reached by a way that names both", () => {
  const rule = policy("prometheus").egress!.find(({ to }) => to?.[0]?.podSelector?.matchLabels.app === "node-exporter")!;
  expect(rule.to![0]!.namespaceSelector).toEqual({ matchLabels: { "kubernetes.io/metadata.name": "ultrathink-node" } });
});
