import type { KafkaDeclaration, System } from "../../systems/declaration";
import { AUTHORITY } from "../authority";
import { row } from "../resources";
import type { Secrets } from "../secrets";
import type { FileMount } from "../spec";

/** Whom the brokers know beside one another. */
export const CLIENT = "client";

/** Where a client finds its password. */
export const CLIENT_PASSWORD_FILE = "/run/secrets/kafka-password";

/** Name of the client's password among the stack's. */
export const CLIENT_PASSWORD = "kafka-client";

/** Addresses of all brokers for clients on the same network: the INTERNAL listeners, on the runbook's own ports. */
export function bootstrapServers(system: System, kafka: KafkaDeclaration): string {
  return kafka.brokers.map(broker => `${broker}:${row(system, broker).port}`).join(",");
}

/** What a client in Python needs: where the brokers are, and who it is where they ask. Beside it, it needs the authority's certificate. */
export function kafkaClient(system: System, kafka: KafkaDeclaration, secrets: Secrets): { env: Record<string, string>; files: FileMount[] } {
  const addresses = { KAFKA_BOOTSTRAP_SERVERS: bootstrapServers(system, kafka) };
  if (!kafka.saslSsl) return { env: addresses, files: [] };
  return {
    env: { ...addresses, KAFKA_USERNAME: CLIENT, KAFKA_PASSWORD_FILE: CLIENT_PASSWORD_FILE, KAFKA_CA_FILE: AUTHORITY },
    files: [{ path: CLIENT_PASSWORD_FILE, kind: "secret", content: secrets.password(CLIENT_PASSWORD) }],
  };
}
