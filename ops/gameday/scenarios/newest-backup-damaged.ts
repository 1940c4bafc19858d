import type { Scenario } from "../experiment";
import { none, same } from "../finding";
import type { Damage } from "../tools/vault";

const JOBS = 50;

export const newestBackupDamaged: Scenario = {
  name: "newest-backup-damaged",
  title: "The newest backup is damaged",
  hypothesis: "A restore notices a single flipped bit, names the file, and uses the backup before it, and says so.",
  prepare(tools) {
    const { queue, backups, vault, operations } = tools;
    const [job] = backups.of(queue.service);
    let good: string;
    let jobs: string;
    let newest: string;
    let damage: Damage | undefined;
    let fellBack: string[];
    let used: string;

    return {
      method: [
        // A scheduled backup between or after those of this scenario is whole, and would rightly be restored.
        { name: "wait until no scheduled backup is near", run: () => backups.apartFromSchedule(job!) },
        {
          name: `queue ${JOBS} jobs and back them up`,
          async run() {
            await queue.enqueue(JOBS);
            jobs = await queue.waiting();
            const { id } = await backups.one(job!);
            good = id;
            return good;
          },
        },
        {
          name: "queue more and back them up again",
          async run() {
            await queue.enqueue(JOBS);
            newest = (await backups.one(job!)).id;
            return newest;
          },
        },
        { name: "flip a bit of the newest backup on the vault's disk", run: async () => (damage = await vault.flipBit(job!, newest)).file },
        {
          name: "restore the queue",
          async run() {
            const [done] = await operations.restore({ only: queue.service });
            used = done!.restored.id;
            fellBack = done!.restored.fellBack.map(({ id }) => id);
            return `from ${used}`;
          },
        },
        { name: "bring the stack up on it", run: () => operations.up() },
        { name: "make a backup that is whole", run: () => backups.make(job!) },
      ],
      verification: [
        {
          name: "the damaged backup was refused",
          ask: () => Promise.resolve(none(fellBack.includes(newest) ? [] : [`it was not among ${fellBack.join(", ") || "none"}`], newest)),
        },
        { name: "the one before was used", ask: () => Promise.resolve(same(good, used)) },
        { name: "the queue is as it was then", ask: async () => same(jobs, await queue.waiting()) },
      ],
      rollbacks: [
        { name: "mend the flipped bit", run: async () => void (await damage?.mend()) },
        { name: "remove the queued jobs", run: () => queue.clear() },
      ],
    };
  },
};
