import type { Outcome } from "./experiment";

/** Everything that is known about one run of a scenario; the report and the record in the vault are made from it. */
export interface Journal extends Outcome {
  version: 1;
  scenario: string;
  title: string;
  hypothesis: string;
  system: string;
  stack: string;
  /** ISO times. */
  started: string;
  finished: string;
  seconds: number;
  /** Completed, and nothing deviated. */
  held: boolean;
  objectives: { rtoSeconds: number; rpoSeconds: number };
  figures: Figures;
  /** What was run: images by service, and the tools. */
  versions: Record<string, string>;
}

/** What was measured; absent where the scenario does not measure it. */
export interface Figures {
  /** Seconds on the clock at which something was lost. */
  lossSeconds?: number;
  /** Seconds from the loss until everything was verified and in its steady state again. */
  rtoSeconds?: number;
  /** Seconds between the last acknowledged write before the loss and the last one that was restored. */
  rpoSeconds?: number;
  /** Seconds of the restore alone, and of bringing the stack up on it. */
  restoreSeconds?: number;
  upSeconds?: number;
  /** Backup that the database was restored from, and pgBackRest's name of it. */
  restored?: { id: string; label: string };
  /** What was there to be lost, by what it is. */
  data: Record<string, number>;
}

/** What is declared as tolerable is a finding like any other. */
export function objectiveAnswers({ figures, objectives }: Pick<Journal, "figures" | "objectives">): Outcome["verification"] {
  const within = (name: string, value: number | undefined, most: number) =>
    value === undefined ? [] : [{ name, held: value <= most, expected: `at most ${most} s`, found: `${value.toFixed(1)} s` }];
  return [
    ...within("the time to recover is within its objective", figures.rtoSeconds, objectives.rtoSeconds),
    ...within("the acknowledged writes that were lost are within their objective", figures.rpoSeconds, objectives.rpoSeconds),
  ];
}

export const deviations = ({ verification, steadyState }: Outcome): Outcome["verification"] =>
  [...verification, ...steadyState.after].filter(({ held }) => !held);
