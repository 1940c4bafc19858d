import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { dirname } from "node:path/posix";
import { recoveryOf, volumeOf } from "../backups/face";
import { type OpenVault, openVault } from "../backups/open-vault";
import { type Context, type Session } from "../context";
import { remove } from "../docker";
import { CommandFailure } from "../exit";
import { reportsFolder } from "../gameday";
import type { Journal } from "../gameday/journal";
import { totalLoss } from "../gameday/scenarios/total-loss";
import { runOneOff } from "../one-off";
import { duration } from "../progress";
import { readBaseline } from "../record";
import { vaultBackups } from "../restore";
import { vaultOneOff } from "../restore/one-offs";
import { type Measurement, timed } from "./measurement";

/** The newest report of a total loss that held. */
export function lastRebuild(folder: string): Journal | undefined {
  const times = existsSync(folder) ? readdirSync(folder).sort().reverse() : [];
  for (const time of times) {
    const file = join(folder, time, `${totalLoss.name}.json`);
    const journal = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Journal) : undefined;
    if (journal?.held) return journal;
  }
  return undefined;
}

/** The rebuild of the last game-day against what it cannot do without: pgBackRest's own restore, and starting the same containers. */
export const rebuildAgainstBare: Measurement = {
  name: "rebuild after a total loss",
  async measure(context, session) {
    const journal = lastRebuild(reportsFolder(context.stack, context.root));
    const { restoreSeconds, upSeconds, rtoSeconds, restored } = journal?.figures ?? {};
    if (restoreSeconds === undefined || upSeconds === undefined || restored === undefined) {
      return { ours: "not measured yet", against: "bin/ops gameday measures it" };
    }
    const vault = await openVault(context, session);
    const kept = await vaultBackups(context, session.plan, vault);
    // Reports outlive the vault.
    if (!kept.some(({ id }) => id === restored.id)) {
      return { ours: "not measured with this vault", against: "the last game-day's backup is in it no more; bin/ops gameday measures it anew" };
    }
    const ours = `${duration(restoreSeconds + upSeconds)} (restore ${duration(restoreSeconds)}, up ${duration(upSeconds)}; verified after ${duration(rtoSeconds ?? 0)})`;
    const bare = (await timed(() => bareRestore(context, session, vault, restored.label))) / 1000;
    const { composeSeconds } = readBaseline(session.folder.path);
    if (composeSeconds === undefined) {
      return { ours, against: `${duration(bare)} of bare restore; bin/ops bench --from-nothing measures the bare start` };
    }
    return {
      ours,
      against: `${duration(bare)} of bare restore + ${duration(composeSeconds)} of bare start`,
      ratio: (restoreSeconds + upSeconds) / (bare + composeSeconds),
      aim: 1.3,
    };
  },
};

/** pgBackRest's restore of the same backup and PostgreSQL's recovery to the end of its timeline, into a volume that is gone afterwards. */
async function bareRestore(context: Context, session: Session, vault: OpenVault, label: string): Promise<void> {
  const { docker, stack, signal, logger } = context;
  const { backups } = recoveryOf(session.plan);
  const { stanza, pgdata, service } = backups.database;
  const folder = join(dirname(pgdata), "bare");
  const volume = `${volumeOf(session.plan, service).name}_bare`;
  // Without hot standby, "started" means recovered.
  const settings = "-c listen_addresses= -c unix_socket_directories=/tmp -c archive_mode=off -c shared_preload_libraries= -c hot_standby=off";
  const script = [
    `pgbackrest --stanza=${stanza} --pg1-path=${folder} --log-level-console=error --set=${label} --target-timeline=current restore`,
    `pg_ctl -D ${folder} -s -w -t 3600 -l /tmp/bare.log -o "${settings}" start || { tail -5 /tmp/bare.log >&2; exit 1; }`,
    `pg_ctl -D ${folder} -s -m immediate stop`,
  ].join("\n");
  const spec = vaultOneOff(session.plan, vault, "bare-restore", [script], {
    entrypoint: ["sh", "-ec"],
    volumes: { [volume]: dirname(pgdata) },
    memory: MEMORY,
    sharedMemory: 256,
  });
  try {
    const { code } = await runOneOff(docker, stack, spec, logger.note, signal);
    if (code !== 0) throw new CommandFailure("failed", `the bare restore ended with ${code}; what it said is above`);
  } finally {
    await remove(docker.getVolume(volume));
  }
}

/** MiB, as the database itself has. */
const MEMORY = 2048;
