/**
 * Durations in Go's notation, as the plugin reads and writes them.
 *
 * Docker stores nanoseconds and the plugin writes them back as Go prints them, so "60s" comes back as "1m0s" and shows
 * as a change on every preview: write the form that {@link print} gives.
 */

const nanoseconds: Record<string, number> = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };
const part = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)/gy;

/** Nanoseconds of a duration such as "1m30s"; undefined when it is not one. */
export function parse(text: string): number | undefined {
  if (text === "0") return 0;
  let total = 0;
  let end = 0;
  for (const match of text.matchAll(part)) {
    total += Number(match[1]) * nanoseconds[match[2]!]!;
    end = match.index + match[0].length;
  }
  return end > 0 && end === text.length ? Math.round(total) : undefined;
}

/** The duration as Go prints it: "15s", "1m0s", "1h30m0s", "500ms". */
export function print(total: number): string {
  if (total === 0) return "0s";
  if (total < 1e9) {
    const unit = total >= 1e6 ? "ms" : total >= 1e3 ? "µs" : "ns";
    return `${total / nanoseconds[unit]!}${unit}`;
  }
  const hours = Math.floor(total / 3600e9);
  const minutes = Math.floor((total % 3600e9) / 60e9);
  const seconds = `${(total % 60e9) / 1e9}s`;
  if (hours > 0) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}
