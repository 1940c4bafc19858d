import type { Scenario } from "../experiment";
import { atLeast, noFewer, none, same, sameTables } from "../finding";
import type { Snapshot, Write, Writer } from "../tools/database";
import type { Artifact } from "../tools/tracking";
import { until } from "../until";

const DATABASE_BYTES = 1024 ** 3;
const ROWS = 100_000;
const MESSAGES = 200_000;
const JOBS = 200;
const RUNS = 10;
/** Seconds that the consumer may take for all messages. */
const CONSUME_SECONDS = 600;
/** Acknowledged writes after the backup before the machine is lost: more than a minute of them, so that WAL is archived by its timeout. */
const WRITES_AFTER = 600;

export const totalLoss: Scenario = {
  name: "total-loss",
  title: "Everything is lost but the vault",
  hypothesis:
    "From the repository, the vault and the passphrase alone, the platform is rebuilt within its time to recover, with every row, key, run and artifact that was acknowledged and archived.",
  prepare(tools) {
    const { database, kafka, queue, tracking, containers, backups, operations, figures, say } = tools;
    let artifacts: Artifact[];
    let topics: string;
    let jobs: string;
    let writer: Writer | undefined;
    let before: Snapshot;
    let counts: Record<string, number>;
    let last: Write;
    let lost: number;

    return {
      method: [
        {
          name: `fill the database to ${DATABASE_BYTES / 1024 ** 3} GiB with ${ROWS} known rows in it, while ${MESSAGES} decisions are produced and stored`,
          async run() {
            const fill = async () => {
              figures.data["bytes in the database"] = await database.grow(DATABASE_BYTES, say);
              await database.seed(ROWS);
              figures.data["known rows"] = ROWS;
            };
            const consume = async () => {
              await kafka.produceDecisions(MESSAGES);
              const { held, found } = await until(CONSUME_SECONDS, async () => atLeast(MESSAGES, await kafka.stored(), "decisions stored"));
              if (!held) throw new Error(`the consumer is not done within ${CONSUME_SECONDS} s: ${found}`);
              figures.data["messages consumed into the database"] = MESSAGES;
            };
            await Promise.all([fill(), consume()]);
            topics = await kafka.topics();
          },
        },
        {
          name: `queue ${JOBS} jobs that no worker takes`,
          async run() {
            await queue.enqueue(JOBS);
            jobs = await queue.waiting();
            figures.data["queued jobs"] = JOBS;
            return jobs;
          },
        },
        {
          name: `log ${RUNS} runs with artifacts`,
          async run() {
            artifacts = await tracking.log(RUNS, 3, 1024 ** 2);
            figures.data["artifacts"] = artifacts.length;
          },
        },
        {
          name: "begin writes that go on until the loss",
          run: async () => void (writer = await database.startWriting()),
        },
        {
          name: "make the backups",
          async run() {
            const made = await backups.make(...backups.restorable, ...backups.definitions);
            counts = await database.counts();
            return made;
          },
        },
        {
          name: "let writes go on beyond the backup, until the rows that are compared are archived",
          async run() {
            before = await database.snapshot();
            // Waited for, not switched: a segment that is ended on purpose would make the recovery point better than it is.
            const wal = await database.currentWal();
            const first = writer!.last()?.number ?? 0;
            const { held, found } = await until(300, async () => {
              const writes = atLeast(first + WRITES_AFTER, writer!.last()?.number ?? 0, "writes");
              return writes.held ? none((await database.archivedUpTo(wal)) ? [] : [`WAL ${wal} is not archived`]) : writes;
            });
            if (!held) throw new Error(`writes or the archive have stopped: ${found}`);
            return `rows are compared up to ${before.cutoff}`;
          },
        },
        {
          name: "lose every container, network and volume, and the state",
          async run() {
            // Whatever stops it from here on, data is lost; the time to recover counts from when all of it is.
            tools.lost();
            const gone = await containers.loseEverything();
            lost = tools.lost();
            last = writer!.last()!;
            await writer!.stop();
            operations.loseState();
            return `${gone}; the last acknowledged write was number ${last.number}`;
          },
        },
        { name: "restore the database, the queue and the artifacts", run: async () => void (await operations.restore()) },
        { name: "bring the stack up on them", run: () => operations.up() },
      ],
      verification: [
        {
          name: "every table has its rows",
          ask: async () => sameTables(before, await database.snapshot(before.cutoff)),
        },
        { name: "no experiment, run or model of the tracking server is missing", ask: async () => noFewer(counts, await database.counts()) },
        {
          name: "the writes during backup and loss are there without a hole, up to the last archived one",
          async ask() {
            const found = await database.written();
            figures.rpoSeconds = Math.max(0, last.time - found.time);
            figures.data["acknowledged writes"] = last.number;
            figures.data["of them restored"] = found.number;
            return {
              held: found.whole && found.number > 0,
              expected: `1 to n without a hole, of ${last.number} acknowledged`,
              found: `1 to ${found.number}${found.whole ? "" : " with holes"}`,
            };
          },
        },
        { name: "every message that was consumed is a row", ask: async () => atLeast(MESSAGES, await kafka.stored(), "decisions stored") },
        { name: "every queued job waits in its place", ask: async () => same(jobs, await queue.waiting()) },
        {
          name: "every run is there, and its artifacts byte by byte",
          ask: async () => none(await tracking.missing(artifacts), `${artifacts.length} artifacts`),
        },
        { name: "every topic is as declared", ask: async () => same(topics, await kafka.topics()) },
        {
          name: "the platform was rebuilt after the loss, not kept",
          ask: async () =>
            none(
              (await containers.all()).filter(({ startedAt }) => startedAt.getTime() < lost).map(({ name }) => name),
              "every container is younger than the loss",
            ),
        },
      ],
      rollbacks: [
        { name: "end the writes", run: async () => void (await writer?.stop()) },
        { name: "remove the queued jobs", run: () => queue.clear() },
        { name: "remove the runs", run: () => tracking.clear() },
        {
          name: "remove the known rows and decisions",
          run: async () => {
            await database.clear();
            await kafka.clear();
          },
        },
      ],
    };
  },
};
