import type { Scenario } from "../experiment";
import { same } from "../finding";

const JOBS = 200;

export const redisLost: Scenario = {
  name: "redis-lost",
  title: "The queue's Redis is lost while its append-only file is on",
  hypothesis: "Every job that was queued at the last backup comes back in its order, although a Redis with an append-only file ignores a dump.",
  prepare(tools) {
    const { queue, containers, backups, operations } = tools;
    let jobs: string;

    return {
      method: [
        {
          name: `queue ${JOBS} jobs that no worker takes`,
          async run() {
            await queue.enqueue(JOBS);
            jobs = await queue.waiting();
            return jobs;
          },
        },
        { name: "back the queue up", run: () => backups.make(...backups.of(queue.service)) },
        {
          name: "lose the volume",
          async run() {
            const gone = await containers.loseVolume(queue.service);
            tools.lost();
            return gone;
          },
        },
        { name: "restore the queue", run: async () => void (await operations.restore({ only: queue.service })) },
        { name: "bring the stack up on it", run: () => operations.up() },
      ],
      verification: [
        { name: "every queued job waits in its place", ask: async () => same(jobs, await queue.waiting()) },
        { name: "the append-only file is on", ask: async () => same("append-only file on", await queue.persistence()) },
      ],
      rollbacks: [{ name: "remove the queued jobs", run: () => queue.clear() }],
    };
  },
};
