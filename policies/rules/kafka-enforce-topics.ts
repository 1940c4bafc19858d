import { booksOf, partsOf } from "../parts";
import { parseYaml } from "../parsers/yaml";
import { reporter } from "../report";
import type { StackRule } from "../rule";

interface Topic {
  name?: string;
  partitions?: number;
  replicationFactor?: number;
  config?: Record<string, string>;
}

/** Settings by which a topic could undo what its brokers promise. */
const DURABILITY = ["min.insync.replicas", "retention.ms", "retention.bytes", "unclean.leader.election.enable", "cleanup.policy"];

export const rule: StackRule = {
  name: "kafka-enforce-topics",
  displayName: "Declared topics",
  description:
    "Where there are brokers, every topic of the book is made with its partitions and the book's replication factor, and none undoes the brokers' durability.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Declare the topic with the book's partitions; when the table of topics itself changes, change the declaration and the pack's book together.",
  tags: ["runbook", "data"],
  validateStack: (args, report) => {
    const parts = partsOf(args, report);
    const systems = booksOf(args).filter(({ kafka }) => kafka && parts.some(({ name }) => kafka.brokers[name] !== undefined));
    if (systems.length === 0) args.notApplicable("there is no Kafka broker");
    const files = parts.flatMap(part => part.files("kafka-topics"));
    const topics = files.flatMap(({ content }) => (parseYaml(content ?? "") as Topic[] | undefined) ?? []);
    for (const { kafka } of systems) {
      for (const [name, partitions] of Object.entries(kafka!.topics)) {
        const violation = reporter("topic", name, report);
        const topic = topics.find(found => found.name === name);
        if (!topic) {
          violation("no config file of kind kafka-topics makes it, and brokers make none by themselves", "Declare it");
          continue;
        }
        if (topic.partitions !== partitions)
          violation(`it has ${topic.partitions ?? "no"} partitions, the book says ${partitions}`, `Declare ${partitions}`);
        if (topic.replicationFactor !== kafka!.replicationFactor) {
          violation(
            `it is replicated ${topic.replicationFactor ?? "never"}, the book says ${kafka!.replicationFactor} times`,
            "Set the book's factor",
          );
        }
        for (const key of DURABILITY.filter(setting => topic.config?.[setting] !== undefined)) {
          violation(`its own ${key} is ${topic.config![key]}, the brokers' is required`, `Remove ${key}`);
        }
      }
    }
  },
};
