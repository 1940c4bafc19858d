import type { Scenario } from "../experiment";
import { none, sameTables } from "../finding";
import type { Snapshot } from "../tools/database";

const ROWS = 10_000;

export const stateLost: Scenario = {
  name: "state-lost",
  title: "The stack's state file is lost, with the passwords in it",
  hypothesis: "`up` rebuilds the stack on its own data volumes: nothing is there twice, no row is lost, and every password is a new one.",
  prepare(tools) {
    const { database, containers, operations } = tools;
    let before: Snapshot;
    let volumes: string[];

    return {
      method: [
        {
          name: `write ${ROWS} known rows`,
          async run() {
            await database.seed(ROWS);
            before = await database.snapshot();
            volumes = (await containers.volumes()).sort();
          },
        },
        {
          name: "lose the state",
          run() {
            operations.loseState();
            tools.lost();
            return Promise.resolve();
          },
        },
        { name: "bring the stack up", run: () => operations.up() },
      ],
      verification: [
        {
          name: "nothing is there twice",
          async ask() {
            const found = (await containers.all()).map(({ service }) => service);
            const twice = found.filter((service, index) => found.indexOf(service) !== index);
            const networks = (await containers.networks()).map(({ name }) => name);
            return none([...twice, ...networks.filter((name, index) => networks.indexOf(name) !== index)], `${found.length} containers, each once`);
          },
        },
        {
          name: "the data volumes are the same",
          async ask() {
            const now = (await containers.volumes()).sort();
            return none([...volumes.filter(name => !now.includes(name)), ...now.filter(name => !volumes.includes(name))], `${now.length} volumes`);
          },
        },
        { name: "every table has its rows", ask: async () => sameTables(before, await database.snapshot(before.cutoff)) },
      ],
      rollbacks: [{ name: "remove the known rows", run: () => database.clear() }],
    };
  },
};
