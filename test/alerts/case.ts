/** Labels by which one firing alert is told from another, beside those that every alert has. */
export type Fired = { severity: "warning" | "critical" | "none"; service: string } & Record<string, string>;

/** Input series in promtool's notation, by series. */
export type Series = Record<string, string>;

/** One expectation: with these series, at this time, exactly these alerts of this name fire. */
export interface AlertCase {
  alert: string;
  says: string;
  series: Series;
  at: string;
  fires: Fired[];
  /** The wording of an alert in this case, checked whole. */
  text?: { severity: Fired["severity"]; summary: string; description: string };
}

type Severities = Fired["severity"][];

/**
 * Cases along one rising or falling measure: the value of each step and what fires there. `waits` repeats the last step earlier, while the condition
 * has not yet held long enough.
 */
export function ladder(
  alert: string,
  args: {
    series: (value: number) => Series;
    labels: { service: string } & Record<string, string>;
    steps: [value: number, fires: Severities][];
    at?: string;
    waits: [at: string, fires: Severities][];
    text: { step: number; severity: Fired["severity"]; summary: string; description: string };
  },
): AlertCase[] {
  const { series, labels, steps, at = "20m", waits, text } = args;
  const fired = (severities: Severities): Fired[] => severities.map(severity => ({ ...labels, severity }));
  const [last] = steps[steps.length - 1]!;
  return [
    ...steps.map(([value, fires]) => ({
      alert,
      says: `${value} for long`,
      series: series(value),
      at,
      fires: fired(fires),
      ...(text.step === value ? { text } : {}),
    })),
    ...waits.map(([time, fires]) => ({ alert, says: `${last} for ${time}`, series: series(last), at: time, fires: fired(fires) })),
  ];
}
