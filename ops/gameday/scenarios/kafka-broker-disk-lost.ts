import type { Scenario } from "../experiment";
import { atLeast, none } from "../finding";
import { until } from "../until";

const MESSAGES = 5_000;
const REPLICATE_SECONDS = 300;

export const kafkaBrokerDiskLost: Scenario = {
  name: "kafka-broker-disk-lost",
  title: "One Kafka broker's disk is lost",
  hypothesis: "A broker that comes back empty is filled by the others: no message is lost, and producing goes on meanwhile.",
  prepare(tools) {
    const { kafka, containers, operations } = tools;
    const broker = kafka.brokers[1]!;
    let before: number;
    let without: number;

    return {
      method: [
        {
          name: `produce ${MESSAGES} decisions`,
          async run() {
            await kafka.produceDecisions(MESSAGES);
            before = await kafka.messages();
          },
        },
        {
          name: `lose the disk of ${broker}`,
          async run() {
            const gone = await containers.loseVolume(broker);
            tools.lost();
            return gone;
          },
        },
        {
          name: `produce ${MESSAGES} more without it`,
          async run() {
            await kafka.produceDecisions(MESSAGES);
            without = await kafka.messages();
          },
        },
        { name: "bring the broker up with an empty disk", run: () => operations.up() },
      ],
      verification: [
        {
          name: "every partition has all its replicas again",
          ask: () => until(REPLICATE_SECONDS, async () => none(await kafka.underReplicated(), "no partition lacks a replica")),
        },
        { name: "producing went on without the broker", ask: () => Promise.resolve(atLeast(before + MESSAGES, without, "messages")) },
        { name: "no message is lost", ask: async () => atLeast(without, await kafka.messages(), "messages") },
        {
          name: "every message became a row",
          ask: () => until(REPLICATE_SECONDS, async () => atLeast(2 * MESSAGES, await kafka.stored(), "decisions stored")),
        },
      ],
      rollbacks: [{ name: "remove the decisions", run: () => kafka.clear() }],
    };
  },
};
