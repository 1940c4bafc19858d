import { basename, dirname, join } from "node:path/posix";
import { containerOf, plannedService, recoveryOf, volumeOf } from "./backups/face";
import type { Context } from "./context";
import { stackVolumes } from "./docker";
import { CommandFailure } from "./exit";
import { runOneOff } from "./one-off";
import type { StackPlan } from "./project";

/** File beside the database's data; the next start then sets the superuser's password anew (components/timescaledb/start.ts). */
const RESTORED = "restored";
/** User that the database's files belong to. */
const OWNER = 1000;

/**
 * Makes ready a database that has outlived the state of its stack: its roles have passwords that nobody knows any more. Marked like a restored one,
 * it gets new ones when it starts.
 */
export async function adoptDatabase({ docker, stack, logger, signal }: Context, plan: StackPlan): Promise<void> {
  if (!plan.recovery) return;
  const { database } = recoveryOf(plan).backups;
  const { name, path } = volumeOf(plan, database.service);
  if (!path || !(await stackVolumes(docker, stack)).includes(name)) return;
  const script = `cd ${dirname(database.pgdata)}; if [ -s ${join(basename(database.pgdata), "PG_VERSION")} ]; then touch ${RESTORED}; echo marked; fi`;
  const { code, lines } = await runOneOff(
    docker,
    stack,
    {
      name: `${containerOf(plan, database.service)}-adopt`,
      image: plannedService(plan, database.service).image,
      entrypoint: ["sh", "-ec"],
      command: [script],
      user: OWNER,
      volumes: { [name]: path },
      files: [],
      memory: 64,
    },
    logger.note,
    signal,
  );
  if (code !== 0) throw new CommandFailure("failed", `${name}: the database could not be made ready for new passwords (exit code ${code})`);
  if (lines.includes("marked")) logger.note(`${name} has outlived the state that knew its passwords: the database gets new ones`);
}
