import type { Scenario } from "../experiment";
import { same } from "../finding";

const ROWS = 50_000;

export const pointInTime: Scenario = {
  name: "point-in-time",
  title: "A bad DELETE is undone by going back to the moment before it",
  hypothesis: "The database goes back to a moment that was noted before a mistake: what was deleted is there, what came after is not.",
  prepare(tools) {
    const { database, operations } = tools;
    let rows: string;
    let moment: string;

    return {
      method: [
        { name: `write ${ROWS} known rows`, run: () => database.seed(ROWS) },
        {
          name: "note the moment",
          async run() {
            rows = await database.seeded();
            moment = await database.now();
            return moment;
          },
        },
        // A commit in the very second that is gone back to may lie on either side of it.
        { name: "let a moment pass", run: () => new Promise<void>(resolve => setTimeout(resolve, 2000)) },
        { name: "delete the rows by mistake", run: () => database.clear() },
        { name: "see the mistake archived", run: () => database.archived() },
        { name: "lose the rows", run: () => Promise.resolve(void tools.lost()) },
        {
          name: "restore the database to the moment before",
          run: async () => void (await operations.restore({ only: database.service, to: new Date(moment) })),
        },
        { name: "bring the stack up on it", run: () => operations.up() },
      ],
      verification: [{ name: "every deleted row is there", ask: async () => same(rows, await database.seeded()) }],
      rollbacks: [
        { name: "remove the known rows", run: () => database.clear() },
        { name: "back the database up on its new timeline", run: () => tools.backups.make(...tools.backups.of(database.service)) },
      ],
    };
  },
};
