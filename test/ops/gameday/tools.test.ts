import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Docker from "dockerode";
import type { Context } from "../../../ops/context";
import { apart } from "../../../ops/gameday/tools/backups";
import { Database } from "../../../ops/gameday/tools/database";
import { Kafka } from "../../../ops/gameday/tools/kafka";
import { Operations } from "../../../ops/gameday/tools/operations";
import { Queue } from "../../../ops/gameday/tools/queue";
import { Shell } from "../../../ops/gameday/tools/shell";
import { Vault } from "../../../ops/gameday/tools/vault";
import { createLogger } from "../../../ops/logger";
import { Steps } from "../../../ops/steps";
import { type Call, FakeDocker, type Said } from "../support/docker";
import { vault, ultrathinkPlan } from "../support/plan";
import { STACK, makeRoot } from "../support/project";

const plan = ultrathinkPlan();
const shell = (answer: (call: Call) => Said) => new Shell(new FakeDocker({ answer }).docker, plan);

describe("the database", () => {
  test("a snapshot has count and digest of every table that is compared by time, up to one moment", async () => {
    const asked: string[] = [];
    const database = new Database(
      shell(({ input }) => {
        asked.push(input);
        return { out: /AT TIME ZONE/.test(input) ? "2026-11-24 12:00:00Z\n" : "5 rows, digest 77\n" };
      }),
      plan,
      "game-day-1",
    );
    const { cutoff, tables } = await database.snapshot();
    expect(cutoff).toBe("2026-11-24 12:00:00Z");
    const timed = plan.backups!.database!.tables.filter(({ time }) => time);
    expect(Object.keys(tables)).toEqual(timed.map(({ database: name, table }) => `${name}.${table}`));
    for (const query of asked.slice(1)) expect(query).toMatch(/WHERE "\w+" <= '2026-11-24 12:00:00Z'/);
    await database.snapshot("then");
    expect(asked.at(-1)).toContain("<= 'then'");
  });

  test("a failed statement is an error with what the server said", async () => {
    const database = new Database(
      shell(() => ({ code: 3, err: 'ERROR:  relation "metrics" does not exist\n' })),
      plan,
      "game-day-1",
    );
    await expect(database.sql("SELECT 1")).rejects.toThrow(/psql in ultrathink-timescaledb ended with 3: ERROR: {2}relation/);
  });

  test.each([
    ["000000010000000000000003", true],
    ["000000020000000000000003", true],
    ["000000010000000000000002", false],
    ["", false],
  ])("with %s archived last, segment 3 is archived: %s", async (last, archived) => {
    const database = new Database(
      shell(() => ({ out: `${last}\n` })),
      plan,
      "game-day-1",
    );
    expect(await database.archivedUpTo("000000010000000000000003")).toBe(archived);
  });

  test.each([
    ["5|5|100.5", { number: 5, time: 100.5, whole: true }],
    ["4|5|100.5", { number: 5, time: 100.5, whole: false }],
    ["0|0|0", { number: 0, time: 0, whole: true }],
  ])("numbered writes %s are read as whole or not", async (answer, written) => {
    const database = new Database(
      shell(() => ({ out: `${answer}\n` })),
      plan,
      "game-day-1",
    );
    expect(await database.written()).toEqual(written);
  });
});

describe("Kafka", () => {
  const make = (answer: (call: Call) => Said) => {
    const through = shell(answer);
    return new Kafka(through, plan, new Database(through, plan, "game-day-1"), "game-day-1");
  };

  test("topics are told without what differs from one cluster to the next", async () => {
    const described = [
      "Topic: trading_decisions\tTopicId: AbC\tPartitionCount: 3\tReplicationFactor: 3\tConfigs: min.insync.replicas=2",
      "\tTopic: trading_decisions\tPartition: 0\tLeader: 1\tReplicas: 1,2,3\tIsr: 1,2,3",
      "Topic: __consumer_offsets\tTopicId: x\tPartitionCount: 50\tReplicationFactor: 3\tConfigs: compression.type=producer",
      "Topic: market_data\tTopicId: DeF\tPartitionCount: 5\tReplicationFactor: 3\tConfigs: ",
    ].join("\n");
    expect(await make(() => ({ out: `${described}\n` })).topics()).toBe("market_data 5×3; trading_decisions 3×3 min.insync.replicas=2");
  });

  test("messages are counted over all partitions", async () => {
    expect(await make(() => ({ out: "trading_decisions:0:10\ntrading_decisions:1:20\ntrading_decisions:2:3\n" })).messages()).toBe(33);
  });

  test("decisions are keyed by symbol, carry the mark, and are each another one", async () => {
    let typed = "";
    await make(({ input }) => {
      typed = input;
      return {};
    }).produceDecisions(1001);
    const lines = typed.trim().split("\n");
    const decisions = lines.map(
      line => JSON.parse(line.slice(line.indexOf("|") + 1)) as { decision_id: string; symbol: string; model_version: string },
    );
    expect(new Set(decisions.map(({ decision_id: id }) => id)).size).toBe(1001);
    expect(lines.every((line, index) => line.startsWith(`${decisions[index]!.symbol}|`))).toBe(true);
    expect(new Set(decisions.map(({ model_version: version }) => version))).toEqual(new Set(["game-day-1"]));
  });
});

test("the queue's jobs are told by their number and a digest of all in their order", async () => {
  const queue = (out: string) =>
    new Queue(
      shell(() => ({ out })),
      plan,
      "game-day-1",
    ).waiting();
  expect(await queue("")).toMatch(/^0 jobs/);
  expect(await queue("a\nb\n")).toMatch(/^2 jobs, sha256 [0-9a-f]{16}$/);
  expect(await queue("a\nb\n")).not.toBe(await queue("b\na\n"));
});

test.each([
  ["*/5 * * * *", "12:01:00", true],
  ["*/5 * * * *", "12:03:59", true],
  ["*/5 * * * *", "12:04:01", false],
  ["*/5 * * * *", "12:05:00", false],
  ["*/5 * * * *", "12:05:09", false],
  ["*/5 * * * *", "12:05:11", true],
  ["0 2 * * *", "01:59:30", false],
  ["0 2 * * *", "12:00:00", true],
  ["* * * * *", "12:00:30", false],
])("a backup scheduled at %s leaves time at %s UTC: %s", (schedule, time, held) => {
  expect(apart(schedule, new Date(`2026-11-24T${time}Z`)).held).toBe(held);
});

test("flipping a bit changes one byte of the file, and flipping it again mends it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "t-flip-"));
  try {
    const file = join(folder, "redis-queue/20261124T020000Z.rdb");
    mkdirSync(join(file, ".."));
    const original = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
    writeFileSync(file, original);
    // As the vault's container would.
    const answer = ({ command: [program, ...words] }: Call): Said => ({ out: execFileSync(program!, words).toString() });
    const server = new Vault(new FakeDocker({ answer }).docker, { ...vault, disk: folder });
    const damage = await server.flipBit("redis-queue", "20261124T020000Z");
    const differing = [...readFileSync(file)].filter((byte, index) => byte !== original[index]);
    expect(differing).toEqual([129]);
    await damage.mend();
    expect(readFileSync(file).equals(original)).toBe(true);
    await expect(server.flipBit("redis-queue", "20200101T000000Z")).rejects.toThrow("no file of backup 20200101T000000Z");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a vault that was slowed has its own share of the processor again once it is started", async () => {
  const HostConfig = { NanoCpus: 5e8 };
  const container = {
    inspect: () => Promise.resolve({ HostConfig }),
    update: (changed: object) => Promise.resolve(Object.assign(HostConfig, changed)),
    start: () => Promise.resolve(),
  };
  const server = new Vault({ getContainer: () => container } as unknown as Docker, vault);
  await server.slow();
  await server.slow();
  expect(HostConfig.NanoCpus).toBeLessThan(5e8);
  await server.start();
  expect(HostConfig.NanoCpus).toBe(5e8);
});

test("losing the state leaves the vault's state, the passphrase, other stacks and the reports", () => {
  const checkout = makeRoot({});
  try {
    const state = join(checkout.root, ".state");
    const files = [
      "passphrase",
      `${STACK}/last-up.json`,
      `${STACK}/gameday/20261124T120000Z/total-loss.md`,
      `backend/.pulumi/stacks/t-ops/${STACK}.json`,
      `backend/.pulumi/stacks/t-ops/${STACK}.json.bak`,
      `backend/.pulumi/stacks/t-ops/other.json`,
      `backend/.pulumi/backups/t-ops/${STACK}/1.json`,
      `backend/.pulumi/history/t-ops/${STACK}/1.json`,
      `backend/.pulumi/stacks/t-vault/${STACK}.json`,
    ];
    for (const file of files) {
      mkdirSync(join(state, file, ".."), { recursive: true });
      writeFileSync(join(state, file), "x");
    }
    const logger = createLogger({ out: () => undefined, err: () => undefined });
    const context = { stack: STACK, root: checkout.root, logger } as unknown as Context;
    new Operations(context, plan, vault, new Steps(() => undefined), { data: {} }, () => Promise.resolve()).loseState();
    const left = files.filter(file => existsSync(join(state, file)));
    expect(left).toEqual([
      "passphrase",
      `${STACK}/gameday/20261124T120000Z/total-loss.md`,
      `backend/.pulumi/stacks/t-ops/other.json`,
      `backend/.pulumi/stacks/t-vault/${STACK}.json`,
    ]);
    expect(readdirSync(join(state, STACK))).toEqual(["gameday"]);
  } finally {
    checkout.end();
  }
});
