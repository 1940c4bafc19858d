import type { KafkaDeclaration, System } from "../../systems/declaration";
import { row } from "../resources";

/** Addresses of all brokers for clients on the same network: the INTERNAL listeners, on the runbook's own ports. */
export function bootstrapServers(system: System, kafka: KafkaDeclaration): string {
  return kafka.brokers.map(broker => `${broker}:${row(system, broker).port}`).join(",");
}
