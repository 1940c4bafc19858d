import type { Scenario } from "../experiment";
import { none, same } from "../finding";
import { until } from "../until";

/** Large enough for an upload that takes seconds. */
const DATABASE_BYTES = 256 * 1024 ** 2;
const CATCH_UP_SECONDS = 180;

export const uploadCut: Scenario = {
  name: "upload-cut",
  title: "An upload is cut in the middle",
  hypothesis:
    "A backup whose upload breaks off is Failed and leaves no manifest, so that a restore never sees it; the one before can still be restored.",
  prepare(tools) {
    const { database, backups, vault, say } = tools;
    const job = backups.dump;
    let before: string[];
    let phase: string;

    return {
      method: [
        { name: "see that there is enough to upload", run: async () => void (await database.grow(DATABASE_BYTES, say)) },
        // A scheduled backup would leave a manifest of its own.
        { name: "wait until no scheduled backup is near", run: () => backups.apartFromSchedule(job) },
        {
          name: "make a backup that stays whole",
          async run() {
            const made = await backups.make(job);
            before = (await backups.list(job)).map(({ id }) => id);
            return made;
          },
        },
        {
          name: "begin another one, and end the vault in the middle of its upload",
          async run() {
            await vault.slow();
            const attempt = backups.attempt(job);
            await Promise.race([vault.uploading(), attempt]);
            await vault.kill();
            const { phase: ended, message } = await attempt;
            phase = ended;
            return `${ended}: ${message ?? ""}`;
          },
        },
        { name: "start the vault", run: () => vault.start() },
      ],
      verification: [
        {
          name: "the backup was a failure, not a success",
          ask: () => Promise.resolve(none(["Failed", "PartiallyFailed"].includes(phase) ? [] : [phase], "Failed")),
        },
        {
          name: "it left no manifest",
          ask: () => until(CATCH_UP_SECONDS, async () => same(before.join(" "), (await backups.list(job)).map(({ id }) => id).join(" "))),
        },
        {
          name: "the backup before is valid",
          async ask() {
            await backups.verify(job);
            return { held: true, expected: "a valid backup", found: before[0] ?? "" };
          },
        },
        { name: "the next backup is complete", ask: async () => same("Completed", (await backups.attempt(job)).phase) },
      ],
      rollbacks: [{ name: "start the vault", run: () => vault.start() }],
    };
  },
};
