import { interpolate, type Input } from "@pulumi/pulumi";
import type { KafkaDeclaration, System } from "../../systems/declaration";
import { AUTHORITY, authorityFile } from "../authority";
import { bootstrapServers, CLIENT } from "../kafka/client";
import { fromRow } from "../resources";
import type { ServiceSpec } from "../spec";
import { metricsPort } from "./environment";

const PASSWORD = "/run/secrets/kafka-exporter-arguments";

/** Who it is and whom it trusts, where the brokers ask. */
export interface KafkaExporterIdentity {
  password: Input<string>;
  /** PEM of the authority that signed the brokers' certificate. */
  authority: Input<string>;
}

/** kafka_exporter: how far each consumer group is behind. */
export function kafkaExporterSpec(system: System, kafka: KafkaDeclaration, service: string, identity?: KafkaExporterIdentity): ServiceSpec {
  const port = metricsPort(system, service);
  return {
    ...fromRow(system, service),
    entrypoint: ["/bin/kafka_exporter"],
    command: [
      ...bootstrapServers(system, kafka)
        .split(",")
        .map(broker => `--kafka.server=${broker}`),
      "--kafka.version=3.9.0",
      `--web.listen-address=:${port}`,
      ...(identity ? ["--tls.enabled", `--tls.ca-file=${AUTHORITY}`, "--sasl.enabled", "--sasl.mechanism=plain", `--sasl.username=${CLIENT}`] : []),
      // Its argument parser reads further arguments from a file that is named so, and nobody else sees them.
      ...(identity ? [`@${PASSWORD}`] : []),
    ],
    user: 65534,
    files: identity
      ? [{ path: PASSWORD, kind: "secret", content: interpolate`--sasl.password=${identity.password}\n` }, authorityFile(identity.authority)]
      : [],
    health: { command: ["sh", "-c", `wget -q -O - http://localhost:${port}/metrics | grep -q '^kafka_brokers [1-9]'`], startup: "60s" },
    stopGrace: "10s",
  };
}
