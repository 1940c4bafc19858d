import type { StepRecord } from "../steps";
import { duration } from "../progress";

/** Phases in their order, each with its steps. */
function byPhase(steps: StepRecord[]): [string, StepRecord[]][] {
  const phases = new Map<string, StepRecord[]>();
  for (const step of steps) phases.set(step.phase, [...(phases.get(step.phase) ?? []), step]);
  return [...phases];
}

/** A Gantt chart in Mermaid's words, which forges and editors draw. */
export function mermaid(title: string, steps: StepRecord[]): string {
  const at = (seconds: number) => Math.round(seconds * 1000);
  return [
    "gantt",
    `  title ${plainText(title)}`,
    "  dateFormat x",
    "  axisFormat %M:%S",
    ...byPhase(steps).flatMap(([phase, own]) => [
      `  section ${plainText(phase)}`,
      // A bar without width would not be drawn.
      ...own.map(
        ({ name, begin, seconds, outcome }) =>
          `  ${plainText(name)} :${outcome === "failed" ? "crit, " : ""}${at(begin)}, ${at(begin + Math.max(seconds, 0.1))}`,
      ),
    ]),
  ].join("\n");
}

/** Colons and the like end a name in Mermaid. */
const plainText = (text: string) =>
  text
    .replace(/[:;#,]/g, " ")
    .replace(/\s+/g, " ")
    .trim();

const ROW = 22;
const LEFT = 330;
const BARS = 560;
const RIGHT = 80;
const TOP = 46;
const COLOURS: Record<string, string> = {
  "steady state": "#8aa0b4",
  method: "#c2703d",
  verification: "#4f8a5b",
  "steady state again": "#8aa0b4",
  rollbacks: "#8b7aa8",
};

/** The same timeline as a picture that needs nobody to draw it. */
export function svg(title: string, steps: StepRecord[]): string {
  const end = Math.max(1, ...steps.map(({ begin, seconds }) => begin + seconds));
  const x = (seconds: number) => LEFT + (seconds / end) * BARS;
  const height = TOP + steps.length * ROW + 30;
  const ticks = tickSeconds(end);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${LEFT + BARS + RIGHT}" height="${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="white"/>`,
    `<text x="10" y="20" font-size="15" font-weight="bold">${escape(title)}</text>`,
    ...ticks.flatMap(second => [
      `<line x1="${x(second).toFixed(1)}" y1="${TOP - 8}" x2="${x(second).toFixed(1)}" y2="${height - 24}" stroke="#ddd"/>`,
      `<text x="${x(second).toFixed(1)}" y="${height - 8}" text-anchor="middle" fill="#555">${duration(second)}</text>`,
    ]),
    ...steps.map(({ phase, name, begin, seconds, outcome }, row) => {
      const y = TOP + row * ROW;
      const width = Math.max(2, (seconds / end) * BARS);
      const fill = outcome === "failed" ? "#b3261e" : (COLOURS[phase] ?? "#888");
      return [
        `<text x="${LEFT - 8}" y="${y + 13}" text-anchor="end">${escape(shorten(name))}</text>`,
        `<rect x="${x(begin).toFixed(1)}" y="${y + 2}" width="${width.toFixed(1)}" height="${ROW - 7}" rx="2" fill="${fill}"><title>${escape(`${phase}: ${name}`)}</title></rect>`,
        `<text x="${(x(begin) + width + 5).toFixed(1)}" y="${y + 13}" fill="#555">${duration(seconds)}</text>`,
      ].join("");
    }),
    "</svg>",
    "",
  ].join("\n");
}

/** At most eight lines on the time axis, at times that a person would choose. */
export function tickSeconds(end: number): number[] {
  const step = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800].find(size => end / size <= 8) ?? 3600;
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => index * step);
}

const shorten = (name: string) => (name.length > 50 ? `${name.slice(0, 49)}…` : name);
const escape = (text: string) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
