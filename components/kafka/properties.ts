import type { KafkaDeclaration } from "../../systems/declaration";
import { saslSslProperties } from "./sasl-ssl";

/** Listeners of broker N: INTERNAL for containers, HOST for this machine; each advertises the address that its clients can reach. */
export interface BrokerListeners {
  internal: number;
  /** Absent where no client comes from outside. `published` is the port that they use. */
  host?: { port: number; published: number };
}

/** A broker's server.properties. */
export function brokerProperties(kafka: KafkaDeclaration, broker: string, listeners: BrokerListeners): string {
  const id = kafka.brokers.indexOf(broker) + 1;
  const { internal, host } = listeners;
  const replicas = String(kafka.replicationFactor);
  const insync = String(kafka.minInsyncReplicas);
  const controller = kafka.metadata.kind === "kraft" ? kafka.metadata.controllerPort : undefined;
  const names = ["INTERNAL", ...(host ? ["HOST"] : []), ...(controller ? ["CONTROLLER"] : [])];
  const metadata: Record<string, string> =
    kafka.metadata.kind === "zookeeper"
      ? { "broker.id": String(id), "zookeeper.connect": `${kafka.metadata.service}:2181` }
      : {
          "node.id": String(id),
          "process.roles": "broker,controller",
          "controller.listener.names": "CONTROLLER",
          "controller.quorum.voters": kafka.brokers.map((name, index) => `${index + 1}@${name}:${controller}`).join(","),
        };
  const retention: Record<string, string> =
    "hours" in kafka.retention
      ? { "log.retention.hours": String(kafka.retention.hours) }
      : { "log.retention.ms": String(kafka.retention.milliseconds) };
  const settings: Record<string, string> = {
    ...metadata,
    listeners: [
      `INTERNAL://0.0.0.0:${internal}`,
      ...(host ? [`HOST://0.0.0.0:${host.port}`] : []),
      ...(controller ? [`CONTROLLER://0.0.0.0:${controller}`] : []),
    ].join(","),
    "advertised.listeners": [`INTERNAL://${broker}:${internal}`, ...(host ? [`HOST://localhost:${host.published}`] : [])].join(","),
    "listener.security.protocol.map": names.map(name => `${name}:${kafka.saslSsl ? "SASL_SSL" : "PLAINTEXT"}`).join(","),
    ...(kafka.saslSsl ? saslSslProperties : {}),
    "inter.broker.listener.name": "INTERNAL",
    "log.dirs": "/var/lib/kafka/data",
    ...retention,
    "default.replication.factor": replicas,
    "min.insync.replicas": insync,
    "offsets.topic.replication.factor": replicas,
    "transaction.state.log.replication.factor": replicas,
    "transaction.state.log.min.isr": insync,
    "unclean.leader.election.enable": "false",
    "auto.create.topics.enable": "false",
    "controlled.shutdown.enable": "true",
    "num.network.threads": "3",
    "num.io.threads": "4",
  };
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join("");
}
