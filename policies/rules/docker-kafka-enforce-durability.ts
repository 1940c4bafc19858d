import { entryOf } from "../books";
import { configs, onContainers } from "../docker";
import { parseProperties } from "../parsers/properties";
import type { ResourceRule } from "../rule";

/** Hours that messages are kept: Kafka lets the finer unit win. */
function retentionHours(properties: Map<string, string>): number | undefined {
  const units = { "log.retention.ms": 3_600_000, "log.retention.minutes": 60, "log.retention.hours": 1 };
  for (const [key, perHour] of Object.entries(units)) {
    const value = properties.get(key);
    if (value !== undefined) return Number(value) / perHour;
  }
  return undefined;
}

export const rule: ResourceRule = {
  name: "docker-kafka-enforce-durability",
  displayName: "Kafka loses no message",
  description:
    "Every broker replicates three times and acknowledges with two in sync, elects no stale leader, makes no topic by itself, and keeps messages 168 hours, in its uploaded server.properties.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps: "Set the book's values in the broker's properties, and upload them with the label dev.ultrathink.config.kafka naming their path.",
  tags: ["runbook", "data", "retention"],
  validateResource: onContainers(({ name, props, args, violation }) => {
    const entry = entryOf(name);
    const brokerId = entry?.book.kafka?.brokers[entry.row.service];
    if (entry === undefined || brokerId === undefined) args.notApplicable("it is no Kafka broker");
    const { replicationFactor, minInsyncReplicas, retentionHours: hours } = entry!.book.kafka!;
    const texts = configs(props, "kafka")
      .map(upload => upload.content)
      .filter(text => text !== undefined);
    if (texts.length !== 1) {
      violation(
        `${texts.length} readable server.properties is uploaded under the label dev.ultrathink.config.kafka, exactly 1 is required`,
        "Upload the broker's properties as plain text and name their path in the label",
      );
      return;
    }
    const properties = parseProperties(texts[0]!);
    const required: Record<string, string> = {
      "broker.id": String(brokerId),
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
  }),
};
