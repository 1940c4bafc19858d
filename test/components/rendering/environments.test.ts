import { parse } from "yaml";
import { ultrathink } from "../../../systems/ultrathink";
import { fromCompose, fromManifests, rendered, type Model, type Running } from "./support";

/** Every way in which production is meant to differ from development, with its reason. What is not here is the same on both, word for word. */
const intended: Record<string, string> = {
  "service cadvisor": "in a cluster the kubelet of each node measures its containers",
  "service scheduler": "in a cluster the clock is the platform's: each schedule is a CronJob",
  "service kube-state-metrics": "one machine has no API that keeps objects",
  "file prometheus/etc/prometheus/rules/cluster.yml": "alerts about such objects",
  "file grafana/etc/grafana/dashboards/ultrathink-cluster.json": "a page about them",
  "service dcgm-exporter": "the development machine has no GPU",
  "file scheduler/etc/ultrathink/crontab": "the scheduler's",
  "file grafana/etc/grafana/dashboards/ultrathink-gpu.json": "no GPU, no page",
  "file prometheus/etc/prometheus/prometheus.yml": "targets are found by the API, replica by replica, and kubelets read",
  "file prometheus/etc/prometheus/rules/availability.yml": "cadvisor and scheduler are nobody's targets, dcgm-exporter and kube-state-metrics are",
  "file alloy/etc/alloy/config.alloy": "lines come from the API server, not from Docker's files",
  "env KAFKA_BOOTSTRAP_SERVERS": "every broker has an address of its own, so all have one port",
  "command kafka-exporter": "the same, and the brokers ask who it is",
  "env KAFKA_USERNAME": "the brokers ask who a client is",
  "env KAFKA_PASSWORD_FILE": "the same",
  "env KAFKA_CA_FILE": "the brokers speak TLS: the network is not the stack's alone",
  "file backup/etc/ultrathink/backup.json":
    "the brokers' addresses and who it is to them, and the backups lie in S3, where the pod's role is the identity",
  "file backup/etc/pgbackrest/pgbackrest.conf": "the backups lie in S3, where the pod's role is the identity",
  "file timescaledb/etc/pgbackrest/pgbackrest.conf": "the same",
  "command zookeeper": "a server of an ensemble writes its number first",
  "file zookeeper/etc/kafka/ultrathink.properties": "three servers instead of one",
  ...Object.fromEntries(
    ultrathink.groups.kafka!.map(broker => [
      `file ${broker}/etc/kafka/ultrathink.properties`,
      "one port for all, no listener for the host, and SASL over TLS",
    ]),
  ),
  ...Object.fromEntries(ultrathink.groups.kafka!.map(broker => [`command ${broker}`, "its JVM reads who may connect"])),
  ...Object.fromEntries(["kafka-2", "kafka-3"].map(broker => [`file ${broker}/usr/local/bin/broker-healthy`, "asks that port"])),
};

let dev: Model;
let prod: Model;
beforeAll(async () => {
  dev = fromCompose(await rendered("dev"));
  prod = fromManifests(await rendered("prod"), ultrathink.groups);
}, 60_000);

const both = <T>(a: Record<string, T>, b: Record<string, T>) => Object.keys(a).filter(key => key in b);
const onlyOne = (a: object, b: object) => [...Object.keys(a).filter(key => !(key in b)), ...Object.keys(b).filter(key => !(key in a))];

/** Names of everything that differs. */
function differences(): string[] {
  const found = new Set<string>();
  for (const name of onlyOne(dev.services, prod.services)) found.add(`service ${name}`);
  for (const name of both(dev.services, prod.services)) {
    const [one, other] = [dev.services[name]!, prod.services[name]!];
    for (const key of ["image", "cpu", "memory", "reserved", "command"] as (keyof Running)[]) {
      if (JSON.stringify(one[key]) !== JSON.stringify(other[key])) found.add(`${key} ${name}`);
    }
    for (const key of new Set([...Object.keys(one.env), ...Object.keys(other.env)])) if (one.env[key] !== other.env[key]) found.add(`env ${key}`);
  }
  for (const path of onlyOne(dev.files, prod.files)) found.add(`file ${path}`);
  for (const path of both(dev.files, prod.files)) if (dev.files[path] !== prod.files[path]) found.add(`file ${path}`);
  return [...found];
}

test("development and production are the same but for what is meant to differ", () => {
  expect(differences().sort()).toEqual(Object.keys(intended).sort());
});

test("both run every service of the resource table within its limits, and reserve the same", () => {
  const limits = ({ services }: Model) =>
    Object.fromEntries(
      both(dev.services, prod.services).map(name => [name, [services[name]!.cpu, services[name]!.memory, services[name]!.reserved]]),
    );
  expect(Object.keys(limits(dev)).length).toBeGreaterThan(30);
  expect(limits(prod)).toEqual(limits(dev));
});

test("both start the same at the same times", () => {
  expect(Object.keys(dev.schedules)).toHaveLength(ultrathink.scheduler!.jobs.length);
  expect(prod.schedules).toEqual(dev.schedules);
});

test("both have the same topics", () => {
  const path = "kafka-topics/etc/ultrathink/topics.json";
  expect(JSON.parse(dev.files[path]!)).toHaveLength(ultrathink.kafka!.topics.length);
  expect(prod.files[path]).toBe(dev.files[path]);
});

interface Rule {
  alert: string;
  for: string;
  expr: string;
  labels: Record<string, string>;
}

/** Every alert with its severity, priority, wait and threshold; not the names of the jobs that it asks about, and none about a cluster's own objects. */
function alerts({ files }: Model): string[] {
  return Object.entries(files)
    .filter(([path]) => path.startsWith("prometheus/etc/prometheus/rules/") && !path.endsWith("/cluster.yml"))
    .flatMap(([, content]) => (parse(content) as { groups: { rules: Rule[] }[] }).groups.flatMap(({ rules }) => rules))
    .map(
      ({ alert, for: wait, labels, expr }) => `${alert} ${labels.severity} ${labels.priority} ${wait} ${/[<>=]+ [\d.]+$/.exec(expr)?.[0] ?? "any"}`,
    )
    .sort();
}

test("both have the same alerts, with the same thresholds, waits and priorities", () => {
  expect(alerts(dev).length).toBeGreaterThan(30);
  expect(alerts(prod)).toEqual(alerts(dev));
});

test("both keep metrics, logs, messages and rows for the same time", () => {
  const retention = ({ services, files }: Model) => ({
    metrics: services.prometheus!.command.filter(word => word.includes("retention")),
    logs: /retention_period: \S+/.exec(files["loki/etc/loki/loki.yaml"]!)?.[0],
    messages: /log\.retention\.\S+/.exec(files["kafka-1/etc/kafka/ultrathink.properties"]!)?.[0],
    rows: files["timescaledb-schema/etc/ultrathink/database.sql"]!.match(/retention_policy\([^)]+\)/g),
  });
  expect(Object.values(retention(dev)).every(value => value && value.length > 0)).toBe(true);
  expect(retention(prod)).toEqual(retention(dev));
});
