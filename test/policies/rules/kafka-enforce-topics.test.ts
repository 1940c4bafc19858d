import { ultrathink } from "../../../policies/books/ultrathink";
import { rule } from "../../../policies/rules/kafka-enforce-topics";
import { judgeStack, resource, container, withFile } from "../support";
import { CONTAINER } from "../../../policies/docker";

interface Topic {
  name: string;
  partitions: number;
  replicationFactor: number;
  config?: Record<string, string>;
}

const book: Topic[] = Object.entries(ultrathink.kafka!.topics).map(([name, partitions]) => ({ name, partitions, replicationFactor: 3, config: {} }));
const broker = resource(CONTAINER, container({ name: "ultrathink-kafka-1" }));
const judged = (topics: Topic[]) => judgeStack(rule, [broker, withFile("kafka-topics", "kafka-topics", JSON.stringify(topics))]).violations;
const changed = (change: Partial<Topic>) => book.map(topic => (topic.name === "market_data" ? { ...topic, ...change } : topic));

describe(rule.name, () => {
  it("accepts the book's topics, and more of them", () => {
    expect(judged([...book, { name: "another", partitions: 1, replicationFactor: 3 }])).toEqual([]);
  });

  it.each<[string, Topic[], string]>([
    ["a topic that nobody makes", book.filter(({ name }) => name !== "market_data"), "no config file of kind kafka-topics makes it"],
    ["fewer partitions", changed({ partitions: 4 }), "it has 4 partitions, the book says 5"],
    ["another replication", changed({ replicationFactor: 1 }), "it is replicated 1, the book says 3 times"],
    ["a retention of its own", changed({ config: { "retention.ms": "1000" } }), "its own retention.ms is 1000"],
  ])("reports %s", (_title, topics, message) => {
    expect(judged(topics)).toEqual([expect.stringContaining(`topic "market_data": ${message}`)]);
  });

  it("does not apply to a stack without brokers", () => {
    expect(judgeStack(rule, [withFile("kafka-topics", "kafka-topics", "[]")])).toEqual({ violations: [], notApplicable: "there is no Kafka broker" });
  });
});
