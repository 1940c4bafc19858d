import type { Finding } from "./experiment";
import type { Snapshot } from "./tools/database";

/** Whether two texts are the same. */
export const same = (expected: string, found: string): Finding => ({ held: expected === found, expected, found });

/** Whether a list of faults is empty. */
export const none = (faults: string[], found = "nothing amiss"): Finding => ({
  held: faults.length === 0,
  expected: found,
  found: faults.length === 0 ? found : `${faults.slice(0, SHOWN).join("; ")}${faults.length > SHOWN ? ` and ${faults.length - SHOWN} more` : ""}`,
});

const SHOWN = 5;

export const atLeast = (least: number, found: number, unit: string): Finding => ({
  held: found >= least,
  expected: `at least ${least} ${unit}`,
  found: `${found} ${unit}`,
});

/** Whether every table has the same rows up to the same moment, by count and digest. */
export function sameTables(before: Snapshot, after: Snapshot): Finding {
  const differing = Object.entries(before.tables).filter(([table, rows]) => after.tables[table] !== rows);
  const faults = differing.map(([table, rows]) => `${table}: ${rows} before, ${after.tables[table] ?? "no table"} after`);
  return none(
    faults,
    `${Object.entries(before.tables)
      .map(([table, rows]) => `${table}: ${rows}`)
      .join("; ")} (up to ${before.cutoff})`,
  );
}
