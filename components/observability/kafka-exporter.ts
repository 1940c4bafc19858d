import type { KafkaDeclaration, System } from "../../systems/declaration";
import { bootstrapServers } from "../kafka/bootstrap";
import { fromRow } from "../resources";
import type { ServiceSpec } from "../spec";
import { metricsPort } from "./environment";

/** kafka_exporter: how far each consumer group is behind. */
export function kafkaExporterSpec(system: System, kafka: KafkaDeclaration, service: string): ServiceSpec {
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
    ],
    user: 65534,
    health: { command: ["sh", "-c", `wget -q -O - http://localhost:${port}/metrics | grep -q '^kafka_brokers [1-9]'`], startup: "60s" },
    stopGrace: "10s",
  };
}
