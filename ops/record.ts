import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
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

/** What outlives the stack: figures of this machine that later runs compare with. */
export interface Baseline {
  /** Seconds of `docker compose up --wait` on the same containers, from nothing. */
  composeSeconds?: number;
}

const baselineFile = (folder: string) => join(folder, "baseline.json");

export function readBaseline(folder: string): Baseline {
  return existsSync(baselineFile(folder)) ? (JSON.parse(readFileSync(baselineFile(folder), "utf8")) as Baseline) : {};
}

export function writeBaseline(folder: string, baseline: Baseline): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(baselineFile(folder), `${JSON.stringify(baseline, undefined, 2)}\n`);
}

/** Entries of a stack's work folder that outlive the stack: the reports of its game-days, and what later runs compare with. */
const OUTLIVES = ["gameday", "baseline.json"];

/** Forgets a stack that is gone. */
export function clearWorkFolder(folder: string): void {
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    if (!OUTLIVES.includes(name)) rmSync(join(folder, name), { recursive: true });
  }
  if (existsSync(folder) && readdirSync(folder).length === 0) rmSync(folder, { recursive: true });
}

export function writeRecord(folder: string, record: RunRecord): void {
  mkdirSync(dirname(file(folder)), { recursive: true });
  writeFileSync(file(folder), `${JSON.stringify(record, undefined, 2)}\n`);
}
