import { onParts, onlyText } from "../parts";
import { parseProperties } from "../parsers/properties";
import type { StackRule } from "../rule";

/** Hours that messages are kept: Kafka lets the finer unit win. */
function retentionHours(properties: Map<string, string>): number | undefined {
  const units = { "log.retention.ms": 3_600_000, "log.retention.minutes": 60, "log.retention.hours": 1 };
  for (const [key, perHour] of Object.entries(units)) {
    const value = properties.get(key);
    if (value !== undefined) return Number(value) / perHour;
  }
  return undefined;
}

export const rule: StackRule = {
  name: "kafka-enforce-durability",
  displayName: "Kafka loses no message",
  description:
    "Every broker replicates three times and acknowledges with two in sync, elects no stale leader, makes no topic by itself, and keeps messages 168 hours, in its server.properties.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps: "Set the book's values in the broker's properties, and give them to the broker as a config file of kind kafka.",
  tags: ["runbook", "data", "retention"],
  validateStack: onParts(
    ({ name, book }) => book?.kafka?.brokers[name] !== undefined,
    "there is no Kafka broker",
    part => {
      const { name, book, violation } = part;
      const { brokers, replicationFactor, minInsyncReplicas, retentionHours: hours } = book!.kafka!;
      const text = onlyText(part, "kafka", "Give it the broker's properties as plain text");
      if (text === undefined) return;
      const properties = parseProperties(text);
      const required: Record<string, string> = {
        "broker.id": String(brokers[name]),
        "default.replication.factor": String(replicationFactor),
        "offsets.topic.replication.factor": String(replicationFactor),
        "transaction.state.log.replication.factor": String(replicationFactor),
        "min.insync.replicas": String(minInsyncReplicas),
        "transaction.state.log.min.isr": String(minInsyncReplicas),
        "unclean.leader.election.enable": "false",
        "auto.create.topics.enable": "false",
      };
      for (const [key, value] of Object.entries(required)) {
        const found = properties.get(key);
        if (found !== value) violation(`${key} is ${found ?? "not set"}, ${value} is required`, `Set ${key}=${value} in the broker's properties`);
      }
      const kept = retentionHours(properties);
      if (kept !== hours) {
        violation(
          `messages are kept ${kept === undefined ? "as long as Kafka's default says" : `${kept} hours`}, ${hours} hours are required`,
          `Set log.retention.hours=${hours} in the broker's properties`,
        );
      }
    },
  ),
};
