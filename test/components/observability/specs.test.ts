import { alertmanagerSpec } from "../../../components/observability/alertmanager";
import { dockerDiscovery } from "../../../components/backends/docker/discovery";
import { alloySpec } from "../../../components/observability/alloy";
import { blackboxConfig, blackboxExporterSpec } from "../../../components/observability/blackbox-exporter";
import { cadvisorSpec } from "../../../components/observability/cadvisor";
import { dcgmExporterSpec } from "../../../components/observability/dcgm-exporter";
import { watchers } from "../../../components/observability/environment";
import { kubernetesDiscovery } from "../../../components/backends/kubernetes/discovery";
import { OBJECT_METRICS, kubeStateMetricsSpec } from "../../../components/observability/kube-state-metrics";
import { ruleMetrics } from "../../../components/observability/rules";
import { kafkaExporterSpec } from "../../../components/observability/kafka-exporter";
import { lokiCanarySpec } from "../../../components/observability/loki-canary";
import { lokiConfig, lokiSpec } from "../../../components/observability/loki";
import { nodeExporterSpec } from "../../../components/observability/node-exporter";
import { postgresExporterSpec } from "../../../components/observability/postgres-exporter";
import { prometheusSpec } from "../../../components/observability/prometheus";
import { redisExporterSpec } from "../../../components/observability/redis-exporter";
import { hardeningExceptions } from "../../../components/hardening";
import { ultrathink } from "../../../systems/ultrathink";
import { without } from "../../../systems/declaration";
import { output } from "@pulumi/pulumi";
import { parse } from "yaml";

const env = { docsUrl: "https://docs.example", portOffset: 10_000, notifications: {} };
const discovery = dockerDiscovery(ultrathink);
const PASSWORD = "a-generated-password";
const specs = [
  prometheusSpec(ultrathink, env, discovery),
  alertmanagerSpec(ultrathink, env),
  lokiSpec(ultrathink),
  lokiCanarySpec(ultrathink),
  alloySpec(ultrathink, discovery.logs),
  nodeExporterSpec(ultrathink),
  cadvisorSpec(ultrathink, "cadvisor"),
  blackboxExporterSpec(ultrathink, "-----BEGIN CERTIFICATE-----"),
  dcgmExporterSpec(ultrathink, "dcgm-exporter"),
  kafkaExporterSpec(ultrathink, ultrathink.kafka!, "kafka-exporter"),
  kubeStateMetricsSpec(ultrathink, "kube-state-metrics", kubernetesDiscovery(ultrathink).objects!),
  postgresExporterSpec(ultrathink, ultrathink.database!, PASSWORD, "-----BEGIN CERTIFICATE-----"),
  ...ultrathink.observability.exporters.redis.map(exporter => redisExporterSpec(ultrathink, exporter, PASSWORD)),
];

test("every service that watches has a spec of its own name", () => {
  expect(specs.map(({ name }) => name).sort()).toEqual([...watchers(ultrathink), "alertmanager", "loki", "prometheus"].sort());
});

test.each(specs)("$name runs as root and reads paths of the host only where an exception gives the reason", ({ name, user, hostPaths }) => {
  const exception = hardeningExceptions[name];
  expect(user === 0).toBe(exception?.root !== undefined);
  expect((hostPaths ?? []).map(({ host }) => host).sort()).toEqual(Object.keys(exception?.hostPaths ?? {}).sort());
});

test.each(specs)("$name has no password outside a secret file", ({ files, ...rest }) => {
  expect(JSON.stringify(rest)).not.toContain(PASSWORD);
  expect(JSON.stringify((files ?? []).filter(({ kind }) => kind !== "secret"))).not.toContain(PASSWORD);
});

test("the exporters of Redis ask their own Redis, each with its password file", () => {
  const [cache, queue] = ultrathink.observability.exporters.redis.map(exporter => redisExporterSpec(ultrathink, exporter, PASSWORD));
  expect(cache!.command).toContain("--redis.addr=redis://redis:6379");
  expect(queue!.command).toContain("--redis.addr=redis://redis-queue:6379");
  expect(queue!.image).toBe("redis-exporter");
});

test("the exporter of Kafka knows every broker by its address inside the network", () => {
  const { command } = kafkaExporterSpec(ultrathink, ultrathink.kafka!, "kafka-exporter");
  expect(command!.filter(argument => argument.startsWith("--kafka.server"))).toEqual([
    "--kafka.server=kafka-1:9092",
    "--kafka.server=kafka-2:9093",
    "--kafka.server=kafka-3:9094",
  ]);
});

test("the exporter of Kafka reads its password from a file of arguments, where the brokers ask for one", async () => {
  const { command, files } = kafkaExporterSpec(ultrathink, ultrathink.kafka!, "kafka-exporter", { password: PASSWORD, authority: "PEM" });
  expect(command).toEqual(expect.arrayContaining(["--tls.enabled", "--tls.ca-file=/etc/ssl/ultrathink/ca.crt", "--sasl.enabled"]));
  expect(JSON.stringify(command)).not.toContain(PASSWORD);
  const [secret, authority] = files!;
  expect(command).toContain(`@${secret!.path}`);
  expect([secret!.kind, authority!.path]).toEqual(["secret", "/etc/ssl/ultrathink/ca.crt"]);
  const text = await new Promise(resolve => output(secret!.content).apply(resolve));
  expect(text).toBe(`--sasl.password=${PASSWORD}\n`);
});

test("kube-state-metrics keeps what alerts read, and nothing else", () => {
  const read = ruleMetrics(ultrathink).flatMap(({ metric, services }) =>
    services.includes("kube-state-metrics") && metric !== "up" ? [metric] : [],
  );
  expect(OBJECT_METRICS).toEqual(read.sort());
});

test("links in alerts carry the stack's port offset", () => {
  expect(prometheusSpec(ultrathink, env, discovery).command).toContain("--web.external-url=http://localhost:19090");
  expect(alertmanagerSpec(ultrathink, env).command).toContain("--web.external-url=http://localhost:19095");
});

test("Prometheus keeps 30 days and at most 8 GiB, Loki deletes after 30 days", () => {
  expect(prometheusSpec(ultrathink, env, discovery).command).toEqual(
    expect.arrayContaining(["--storage.tsdb.retention.time=30d", "--storage.tsdb.retention.size=8589934592B"]),
  );
  const { limits_config, compactor } = parse(lokiConfig(ultrathink));
  expect([limits_config.retention_period, compactor.retention_enabled, compactor.delete_request_store]).toEqual(["720h", true, "filesystem"]);
});

test("Prometheus is restarted weekly only where its row says so", () => {
  expect(prometheusSpec(ultrathink, env, discovery).entrypoint![0]).toBe("/bin/sh");
  const { weeklyRestart, ...prometheus } = ultrathink.services.prometheus!;
  expect(weeklyRestart).toBeDefined();
  const calm = prometheusSpec({ ...ultrathink, services: { ...ultrathink.services, prometheus } }, env, discovery);
  expect([calm.entrypoint, calm.command![0]]).toEqual([["/bin/prometheus"], "--config.file=/etc/prometheus/prometheus.yml"]);
});

test("every kind of probe that a row can name has its module", () => {
  const probes = Object.values(ultrathink.services).flatMap(({ scrape }) => (scrape && "probe" in scrape ? [scrape.probe] : []));
  expect(Object.keys(parse(blackboxConfig()).modules)).toEqual(expect.arrayContaining(probes));
});

test("a service without metrics of its own is named when something needs its port", () => {
  const redis = { ...ultrathink.observability, loki: { ...ultrathink.observability.loki, service: "redis" } };
  expect(() => lokiSpec({ ...ultrathink, observability: redis })).toThrow("ultrathink: services.redis.scrape names no port; write { port: <port> }");
});

test("a service that lost its volume's row is named", () => {
  const volumes = Object.fromEntries(Object.entries(ultrathink.volumes).filter(([, { service }]) => service !== "loki"));
  expect(() => lokiSpec({ ...ultrathink, volumes })).toThrow('ultrathink: "loki" has no row in `volumes`');
});

test("what is left out is watched by nobody", () => {
  expect(watchers(ultrathink)).toContain("dcgm-exporter");
  expect(watchers(without(ultrathink, ["dcgm-exporter"]))).not.toContain("dcgm-exporter");
});
