import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What the last `up` of a stack left behind for the next one: what it took, and what the toolchain could not provide. */
export interface RunRecord {
  /** Seconds from the engine's start until everything was healthy. */
  upSeconds?: number;
  /** Seconds that each service took, from its first engine event to being ready. */
  serviceSeconds: Record<string, number>;
  leaveOut: Record<string, string>;
}

const EMPTY: RunRecord = { serviceSeconds: {}, leaveOut: {} };

const file = (folder: string) => join(folder, "last-up.json");

export function readRecord(folder: string): RunRecord {
  if (!existsSync(file(folder))) return EMPTY;
  try {
    return { ...EMPTY, ...(JSON.parse(readFileSync(file(folder), "utf8")) as Partial<RunRecord>) };
  } catch {
    // Only estimates are lost: a half-written record must not stop an operation.
    return EMPTY;
  }
}

export function writeRecord(folder: string, record: RunRecord): void {
  mkdirSync(dirname(file(folder)), { recursive: true });
  writeFileSync(file(folder), `${JSON.stringify(record, undefined, 2)}\n`);
}
