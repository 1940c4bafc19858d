import type { KeptBackup } from "../backups/program";
import { CommandFailure } from "../exit";
import type { Target } from "./targets";

/** Which backup a target would be restored from. */
export interface Choice {
  target: Target;
  /** The newest that fits. */
  backup: KeptBackup;
  /** Given when it must be this one and no other. */
  id?: string;
  to?: Date;
}

export interface Wanted {
  to?: Date;
  id?: string;
  into?: string;
}

/**
 * Chooses for every target among the vault's backups, and reports all that is missing at once.
 *
 * @throws CommandFailure `usage` that says what there is, before anything changes
 */
export function choose(targets: Target[], kept: KeptBackup[], { to, id, into }: Wanted, now: Date): Choice[] {
  if (to && to > now) throw new CommandFailure("usage", `--to: ${to.toISOString()} is in the future; it is ${now.toISOString()} now`);
  const faults: string[] = [];
  const choices = targets.flatMap((target): Choice[] => {
    const jobs = into ? target.into : target.jobs;
    const own = kept.filter(({ job }) => jobs.includes(job)).sort((a, b) => finished(b) - finished(a));
    // The database goes forward from a backup to the moment; what has no log goes back to the backup before it.
    const fitting = id ? own.filter(backup => backup.id === id) : to ? own.filter(backup => finished(backup) <= to.getTime()) : own;
    const [backup] = fitting;
    if (!backup) {
      faults.push(`${target.service}: ${why(own, jobs, { to, id })}`);
      return [];
    }
    if (target.kind === "database" && !into) return [{ target, backup, ...(id ? { id } : {}), ...(to ? { to } : {}) }];
    return [{ target, backup, ...((id ?? to) ? { id: backup.id } : {}) }];
  });
  if (faults.length > 0) throw new CommandFailure("usage", `Nothing was changed:\n${faults.map(fault => `  - ${fault}`).join("\n")}`);
  return choices;
}

const finished = (backup: KeptBackup) => new Date(backup.finished).getTime();

function why(own: KeptBackup[], jobs: string[], { to, id }: Wanted): string {
  const oldest = own.at(-1);
  if (!oldest) return `the vault holds no backup of it; \`bin/ops backup ${jobs[0] ?? ""}\` makes one`;
  const list = own
    .slice(0, SHOWN)
    .map(backup => backup.id)
    .join(", ");
  const there = `there are ${list}${own.length > SHOWN ? ` and ${own.length - SHOWN} older ones` : ""}`;
  if (id) return `--id: there is no backup ${id} of ${jobs.join(" or ")}; ${there}`;
  return `--to: ${to?.toISOString()} lies before its oldest backup, which was finished at ${oldest.finished}; ${there}`;
}

/** Backups that a message names. */
const SHOWN = 5;
