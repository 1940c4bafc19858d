import type { Scenario } from "../experiment";
import { atLeast, none, same } from "../finding";
import { until } from "../until";

const ROWS = 10_000;
/** Two scrapes of the sidecar. */
const SCRAPE_SECONDS = 60;
const CATCH_UP_SECONDS = 180;

export const bucketUnreachable: Scenario = {
  name: "bucket-unreachable",
  title: "The vault cannot be reached",
  hypothesis: "Backups fail and say so, the database keeps its WAL and goes on, and all of it is archived once the vault is back.",
  prepare(tools) {
    const { database, queue, backups, vault, prometheus } = tools;
    const [job] = backups.of(queue.service);
    let phase: string;
    let kept: number;
    let wal: string;
    let failing: number;
    let rows: string;

    return {
      method: [
        { name: "stop the vault", run: () => vault.kill() },
        {
          name: "try a backup",
          async run() {
            const { phase: ended, message } = await backups.attempt(job!);
            phase = ended;
            return `${ended}: ${message ?? ""}`;
          },
        },
        {
          name: "write rows, whose WAL nobody takes",
          async run() {
            await database.seed(ROWS);
            wal = await database.switchWal();
            const waiting = await until(SCRAPE_SECONDS, async () => atLeast(1, await database.waitingWal(), "segments waiting"));
            kept = parseInt(waiting.found, 10);
            rows = await database.seeded();
            return waiting.found;
          },
        },
        {
          name: "look at what the alert looks at",
          async run() {
            const { found } = await until(SCRAPE_SECONDS, async () => {
              const [sample] = await prometheus.query(`backup_last_run_failed{backup="${job}"}`);
              return atLeast(1, sample?.value ?? 0, "failed");
            });
            failing = parseInt(found, 10);
          },
        },
        { name: "start the vault", run: () => vault.start() },
      ],
      verification: [
        { name: "the backup was a failure, not a success", ask: () => Promise.resolve(same("Failed", phase)) },
        { name: "the alert's condition held", ask: () => Promise.resolve(atLeast(1, failing, "failed runs in Prometheus")) },
        { name: "the database kept its WAL", ask: () => Promise.resolve(atLeast(1, kept, "segments waiting")) },
        {
          name: "the kept WAL is archived now",
          ask: () => until(CATCH_UP_SECONDS, async () => none((await database.archivedUpTo(wal)) ? [] : [`${wal} is not archived yet`], wal)),
        },
        { name: "the rows are there", ask: async () => same(rows, await database.seeded()) },
        { name: "a backup succeeds again", ask: () => until(CATCH_UP_SECONDS, async () => same("Completed", (await backups.attempt(job!)).phase)) },
      ],
      rollbacks: [
        { name: "start the vault", run: () => vault.start() },
        { name: "remove the known rows", run: () => database.clear() },
      ],
    };
  },
};
