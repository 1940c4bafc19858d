import type { Scenario } from "../experiment";
import { sameTables } from "../finding";
import type { Snapshot, Write, Writer } from "../tools/database";

const ROWS = 100_000;

export const timescaledbVolumeLost: Scenario = {
  name: "timescaledb-volume-lost",
  title: "TimescaleDB's volume is lost",
  hypothesis: "The database comes back from its last backup and the archived WAL, while the rest of the platform stays up.",
  prepare(tools) {
    const { database, containers, backups, operations, figures } = tools;
    let writer: Writer | undefined;
    let before: Snapshot;
    let last: Write;

    return {
      method: [
        { name: `write ${ROWS} known rows`, run: () => database.seed(ROWS) },
        { name: "begin writes that go on until the loss", run: async () => void (writer = await database.startWriting()) },
        { name: "back the database up", run: () => backups.make(...backups.of(database.service)) },
        {
          name: "see the rows archived",
          async run() {
            before = await database.snapshot();
            return `up to WAL ${await database.archived()}`;
          },
        },
        {
          name: "lose the volume",
          async run() {
            const gone = await containers.loseVolume(database.service);
            tools.lost();
            last = writer!.last()!;
            await writer!.stop();
            return gone;
          },
        },
        { name: "restore the database", run: async () => void (await operations.restore({ only: database.service })) },
        { name: "bring the stack up on it", run: () => operations.up() },
      ],
      verification: [
        { name: "every table has its rows", ask: async () => sameTables(before, await database.snapshot(before.cutoff)) },
        {
          name: "the writes are there without a hole, up to the last archived one",
          async ask() {
            const found = await database.written();
            figures.rpoSeconds = Math.max(0, last.time - found.time);
            return {
              held: found.whole && found.number > 0,
              expected: `1 to n of ${last.number}`,
              found: `1 to ${found.number}${found.whole ? "" : " with holes"}`,
            };
          },
        },
      ],
      rollbacks: [
        { name: "end the writes", run: async () => void (await writer?.stop()) },
        { name: "remove the known rows", run: () => database.clear() },
      ],
    };
  },
};
