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

/** Milliseconds that each of two things takes, the median of several runs in turn: neither alone has the warmer machine. */
export async function inTurn(one: () => Promise<unknown>, other: () => Promise<unknown>): Promise<[number, number]> {
  const [ones, others]: number[][] = [[], []];
  for (let round = 0; round <= ROUNDS; round++) {
    const took = [await timed(one), await timed(other)] as const;
    if (round === 0) continue;
    ones!.push(took[0]);
    others!.push(took[1]);
  }
  return [median(ones!), median(others!)];
}

/** Milliseconds as a person reads them beside others that differ little. */
export const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`;

/** Milliseconds that `run` takes. */
export async function timed(run: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await run();
  return performance.now() - began;
}
