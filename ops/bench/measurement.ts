import type { Session, Context } from "../context";

/** One thing that `bench` measures; all of them run in one run, because only figures of one machine at one time compare. */
export interface Measurement {
  name: string;
  /** Result as a person reads it: the two sides and their ratio, or a single figure. */
  measure(context: Context, session: Session): Promise<Figure>;
}

export interface Figure {
  ours: string;
  against: string;
  /** Ours divided by theirs; absent where there is nothing to divide by. */
  ratio?: number;
  /** The largest ratio that is in order. */
  aim?: number;
}

/** The middle of an odd number of values, the mean of the middle two otherwise. */
export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? NaN) : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/** Runs of each kind; the first of each warms caches and is not counted. */
const ROUNDS = 5;

/** Milliseconds that each of some things takes, the median of several runs in turn: none alone has the warmer machine. */
export async function inTurn<Runs extends (() => Promise<unknown>)[]>(...runs: Runs): Promise<{ [Index in keyof Runs]: number }> {
  const took: number[][] = runs.map(() => []);
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [index, run] of runs.entries()) {
      const milliseconds = await timed(run);
      if (round > 0) took[index]!.push(milliseconds);
    }
  }
  return took.map(median) as { [Index in keyof Runs]: number };
}

/** Milliseconds as a person reads them beside others that differ little. */
export const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`;

/** Milliseconds that `run` takes. */
export async function timed(run: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await run();
  return performance.now() - began;
}
