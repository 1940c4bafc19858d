import * as pulumi from "@pulumi/pulumi";
import { mebibytes, type KafkaDeclaration, type System } from "../../systems/declaration";
import { authorityFile } from "../authority";
import type { Backend } from "../backends/backend";
import type { CertificateAuthority } from "../certificates";
import { metricsPort } from "../observability/environment";
import { fromRow, row } from "../resources";
import type { Secrets } from "../secrets";
import type { FileMount, JobSpec, ServiceSpec } from "../spec";
import { toolSpec } from "../workload";
import { CLIENT_PASSWORD, kafkaClient } from "./client";
import { jmxConfig } from "./jmx";
import { brokerProperties } from "./properties";
import { saslSslFiles, saslSslOptions } from "./sasl-ssl";

const CONFIG = "/etc/kafka/ultrathink.properties";
const JMX_CONFIG = "/etc/kafka/jmx.yml";
const TOPICS = "/etc/ultrathink/topics.json";

export interface KafkaArgs {
  system: System;
  kafka: KafkaDeclaration;
  secrets: Secrets;
  authority: CertificateAuthority;
  backend: Backend;
  /** Added to the port that the HOST listener advertises. */
  portOffset: number;
}

/**
 * A broker. Agent and heap are set in the start command: in the container's environment the command-line tools would inherit them and fail
 * on the agent's port or on memory. The environment holds a small heap for the tools instead.
 *
 * @param security files by which it demands TLS and passwords
 */
export function brokerSpec(system: System, kafka: KafkaDeclaration, broker: string, portOffset: number, security: FileMount[] = []): ServiceSpec {
  const { port, containerPort } = row(system, broker);
  const heap = `${mebibytes(kafka.heap)}m`;
  const metrics = metricsPort(system, broker);
  return {
    ...fromRow(system, broker),
    user: 1000,
    command: [
      "bash",
      "-c",
      [
        `export KAFKA_HEAP_OPTS='-Xms${heap} -Xmx${heap}'`,
        `export KAFKA_OPTS="-javaagent:$(echo /usr/share/java/cp-base-new/jmx_prometheus_javaagent-*.jar)=${metrics}:${JMX_CONFIG}${kafka.saslSsl ? ` ${saslSslOptions}` : ""}"`,
        `exec kafka-server-start ${CONFIG}`,
      ].join("; "),
    ],
    env: { KAFKA_HEAP_OPTS: "-Xmx128m" },
    files: [
      {
        path: CONFIG,
        kind: "kafka",
        content: brokerProperties(kafka, broker, {
          internal: port!,
          host: containerPort === undefined ? undefined : { port: containerPort, published: port! + portOffset },
        }),
      },
      { path: JMX_CONFIG, kind: "jmx", content: jmxConfig() },
      { path: "/usr/local/bin/broker-healthy", kind: "script", executable: true, content: healthScript(port!, metrics) },
      ...security,
    ],
    volumes: [{ volume: broker.replace("-", ""), path: "/var/lib/kafka/data" }],
    health: { command: ["broker-healthy"], interval: "30s", timeout: "10s", startup: "180s" },
    // A controlled shutdown moves the leaders away first.
    stopGrace: "120s",
    writes: ["/var/log/kafka"],
  };
}

/** The broker answers on its listener, says that it is running, and follows its leaders without a failed partition. */
function healthScript(listener: number, metrics: number): string {
  return [
    "#!/bin/bash",
    "# Through the JMX agent: a command-line tool would start a JVM for every check.",
    "set -euo pipefail",
    `exec 3<>/dev/tcp/localhost/${listener}`,
    `metrics=$(curl -fsS --max-time 8 http://localhost:${metrics}/metrics)`,
    'value() { awk -v name="$1" \'$1 == name { print int($2); found = 1 } END { exit !found }\' <<<"$metrics"; }',
    "state=$(value kafka_server_brokerstate) || { echo 'no broker state yet'; exit 1; }",
    '[ "$state" = 3 ] || { echo "broker state $state, 3 is running"; exit 1; }',
    "failed=$(value kafka_server_replicafetchermanager_failedpartitionscount) || failed=0",
    '[ "$failed" = 0 ] || { echo "$failed partitions do not follow their leader"; exit 1; }',
    "",
  ].join("\n");
}

/** The job that makes the declared topics and waits until each has its full in-sync set. */
export function topicsJob(system: System, kafka: KafkaDeclaration, secrets: Secrets, authority: pulumi.Input<string>): JobSpec {
  const topics = kafka.topics.map(({ name, partitions, config }) => ({
    name,
    partitions,
    replicationFactor: kafka.replicationFactor,
    config: config ?? {},
  }));
  const client = kafkaClient(system, kafka, secrets);
  return {
    ...toolSpec("kafka-topics", ["kafka-topics", "--file", TOPICS]),
    env: client.env,
    files: [
      { path: TOPICS, kind: "kafka-topics", content: `${JSON.stringify(topics, null, 2)}\n` },
      ...client.files,
      ...(kafka.saslSsl ? [authorityFile(authority)] : []),
    ],
    needs: kafka.brokers,
    deadline: "180s",
  };
}

/** The brokers and their topics (runbook: Common Failure Scenarios 2; requirements: Parts). */
export class Kafka extends pulumi.ComponentResource {
  constructor(name: string, args: KafkaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ultrathink:kafka:Kafka", name, {}, opts);
    const { system, kafka, secrets, authority, backend, portOffset } = args;
    const security = kafka.saslSsl
      ? saslSslFiles({
          authority: authority.certificate,
          // One for all of them: a set's pods share their secrets.
          certificate: authority.server("kafka", [...kafka.brokers, "localhost"]),
          brokerPassword: secrets.password("kafka-broker"),
          clientPassword: secrets.password(CLIENT_PASSWORD),
        })
      : [];
    for (const broker of kafka.brokers) {
      backend.service(brokerSpec(system, kafka, broker, portOffset, security), { parent: this });
    }
    backend.job(topicsJob(system, kafka, secrets, authority.certificate), { parent: this, completes: "kafka" });
    this.registerOutputs({});
  }
}
