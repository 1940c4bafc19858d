import type { Threshold as Step } from "@grafana/grafana-foundation-sdk/dashboard";
import { parseLimit, type Threshold } from "../../systems/declaration";

/** Grafana colours from a step upwards, so `> 10` starts just above 10. Small enough for counts, shares and rates alike. */
const JUST_ABOVE = 0.001;

/** The alert's threshold as Grafana's colours: green, orange where it warns, red where it is critical. */
export function thresholdSteps({ warning, critical }: Threshold): Step[] {
  const limits = [
    { limit: warning, color: "orange" },
    { limit: critical, color: "red" },
  ].flatMap(({ limit, color }) => (limit ? [{ ...parseLimit(limit), color }] : []));
  if (limits.some(({ operator }) => operator === "<")) {
    // Less is worse: each colour reaches up to its limit, where the next better one starts.
    const falling = limits.sort((a, b) => a.value - b.value);
    return [
      { value: null, color: falling[0]!.color },
      ...falling.map(({ value }, index) => ({ value, color: falling[index + 1]?.color ?? "green" })),
    ];
  }
  return [
    { value: null, color: "green" },
    ...limits.map(({ operator, value, color }) => ({ value: operator === ">" ? value + JUST_ABOVE : value, color })),
  ];
}
