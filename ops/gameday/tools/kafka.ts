import { randomUUID } from "node:crypto";
import { recoveryOf } from "../../backups/face";
import type { StackPlan } from "../../project";
import type { Database } from "./database";
import type { Shell } from "./shell";

/** Topic of the decisions, which the forensics consumer stores. */
export const DECISIONS = "trading_decisions";
const SYMBOLS = ["BTC-USD", "ETH-USD", "SOL-USD"];

export class Kafka {
  private readonly servers: string[];

  constructor(
    private readonly shell: Shell,
    plan: StackPlan,
    private readonly database: Database,
    private readonly mark: string,
  ) {
    this.servers = (recoveryOf(plan).backups.kafka?.bootstrapServers ?? "").split(",");
  }

  /** Broker services, in their order. */
  get brokers(): string[] {
    return this.servers.map(server => server.split(":")[0] ?? "");
  }

  /** Topics with partitions, replication factor and settings, without what differs from one cluster to the next. */
  async topics(): Promise<string> {
    const described = await this.tool("kafka-topics", ["--describe"]);
    return [...described.matchAll(/^Topic: (\S+)\s.*PartitionCount: (\d+)\s+ReplicationFactor: (\d+)\s+Configs: ?(\S*)/gm)]
      .filter(([, name]) => !name!.startsWith("__"))
      .map(([, name, partitions, replicas, configs]) => `${name} ${partitions}×${replicas} ${configs}`.trim())
      .sort()
      .join("\n");
  }

  /** Lines of `kafka-topics` about partitions that lack a replica. */
  async underReplicated(): Promise<string[]> {
    return (await this.tool("kafka-topics", ["--describe", "--under-replicated-partitions"])).split("\n").filter(line => line.trim() !== "");
  }

  /** Sum of a topic's ends: how many messages it has ever had. */
  async messages(topic = DECISIONS): Promise<number> {
    const ends = await this.tool("kafka-get-offsets", ["--topic", topic]);
    return [...ends.matchAll(/:(\d+)$/gm)].reduce((sum, [, end]) => sum + Number(end), 0);
  }

  /** Sends decisions that carry this run's mark, acknowledged by every replica in sync. */
  async produceDecisions(count: number): Promise<void> {
    const broker = this.brokers[0]!;
    await this.shell.in(
      broker,
      [
        "kafka-console-producer",
        "--bootstrap-server",
        this.servers.join(","),
        "--topic",
        DECISIONS,
        "--producer-property",
        "acks=all",
        "--producer-property",
        "compression.type=lz4",
        "--property",
        "parse.key=true",
        "--property",
        "key.separator=|",
      ],
      this.decisions(count),
    );
  }

  private async *decisions(count: number): AsyncIterable<string> {
    const now = Date.now();
    for (let from = 0; from < count; from += CHUNK) {
      const lines = Array.from({ length: Math.min(CHUNK, count - from) }, (_, offset) => this.decision(from + offset, now));
      yield `${lines.join("\n")}\n`;
    }
  }

  private decision(index: number, now: number): string {
    const symbol = SYMBOLS[index % SYMBOLS.length]!;
    const decision = {
      decision_id: randomUUID(),
      // Apart by a millisecond, and over by now.
      timestamp: new Date(now - 600_000 + index).toISOString(),
      symbol,
      action: "hold",
      quantity: 0,
      price: 100 + (index % 1000) / 10,
      confidence: 0.5,
      regime: "game-day",
      strategy: "game-day",
      model_version: this.mark,
      risk_approved: false,
    };
    return `${symbol}|${JSON.stringify(decision)}`;
  }

  /** Decisions of this run that the consumer has stored. */
  async stored(): Promise<number> {
    return Number(await this.database.sql(`SELECT count(*) FROM trading_decisions WHERE model_version = '${this.mark}'`));
  }

  async clear(): Promise<void> {
    await this.database.sql(`DELETE FROM trading_decisions WHERE model_version = '${this.mark}'`);
  }

  private tool(name: string, options: string[]): Promise<string> {
    return this.shell.in(this.brokers[0]!, [name, "--bootstrap-server", this.servers.join(","), ...options]);
  }
}

/** Messages that are handed to the producer at once. */
const CHUNK = 500;
