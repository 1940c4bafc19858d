import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { duration } from "../progress";
import { mermaid, svg } from "./chart";
import { type Journal, deviations } from "./journal";

/** Verdict as a person reads it. */
export function verdict({ status, deviated }: Pick<Journal, "status" | "deviated">): string {
  if (status !== "completed") return { aborted: "could not run", failed: "failed", interrupted: "interrupted" }[status];
  return deviated ? "deviated" : "held";
}

/** Writes a journal as JSON, Markdown and a picture; returns the Markdown's path. */
export function writeReport(folder: string, journal: Journal, wayOut: string | undefined): string {
  mkdirSync(folder, { recursive: true });
  const path = (extension: string) => join(folder, `${journal.scenario}.${extension}`);
  writeFileSync(path("json"), `${JSON.stringify(journal, undefined, 2)}\n`);
  writeFileSync(path("svg"), svg(journal.title, journal.steps));
  writeFileSync(path("md"), markdown(journal, wayOut));
  return path("md");
}

export function markdown(journal: Journal, wayOut: string | undefined): string {
  const { title, hypothesis, system, stack, started, seconds, steps, verification, steadyState, versions, error } = journal;
  const bad = deviations(journal);
  return [
    `# Game-day: ${title}`,
    "",
    `**${verdict(journal)}**${journal.status === "completed" ? "" : ` (nothing is said about the system by that: status ${journal.status})`}, ${system} on stack ${stack}, ${started}, ${duration(seconds)}.`,
    "",
    `Hypothesis: ${hypothesis}`,
    "",
    ...section("Figures", figureTable(journal)),
    ...section("What deviated", bad.length === 0 ? [] : answerTable(bad)),
    ...section("Why it stopped", error ? ["```", error, "```"] : []),
    ...section("The way out", wayOut ? [wayOut] : []),
    ...section("Timeline", [
      "```mermaid",
      mermaid(title, steps),
      "```",
      "",
      `The same as a picture: [${journal.scenario}.svg](${journal.scenario}.svg)`,
    ]),
    ...section("Steps", stepTable(journal)),
    ...section("Verification", answerTable(verification)),
    ...section("Steady state before", answerTable(steadyState.before)),
    ...section("Steady state after", answerTable(steadyState.after)),
    ...section("Versions", rows(["part", "version"], Object.entries(versions))),
  ].join("\n");
}

const section = (title: string, lines: string[]) => (lines.length === 0 ? [] : [`## ${title}`, "", ...lines, ""]);

function figureTable({ figures, objectives }: Journal): string[] {
  const { rtoSeconds, rpoSeconds, restoreSeconds, upSeconds, data } = figures;
  const figure = (name: string, value: number | undefined, objective: number | undefined) =>
    value === undefined ? [] : [[name, duration(value), objective === undefined ? "" : duration(objective)]];
  return rows(
    ["figure", "measured", "objective"],
    [
      ...figure("RTO: from the loss until verified and steady again", rtoSeconds, objectives.rtoSeconds),
      ...figure("RPO: acknowledged writes lost", rpoSeconds, objectives.rpoSeconds),
      ...figure("restore", restoreSeconds, undefined),
      ...figure("up", upSeconds, undefined),
      ...Object.entries(data).map(([name, value]) => [name, value.toLocaleString("en"), ""]),
    ],
  );
}

const answerTable = (answers: Journal["verification"]) =>
  rows(
    ["", "probe", "expected", "found"],
    answers.map(({ name, held, expected, found }) => [held ? "✓" : "✗", name, expected, found]),
  );

const stepTable = ({ steps }: Journal) =>
  rows(
    ["at", "took", "phase", "step", "note"],
    steps.map(({ phase, name, begin, seconds, outcome, note }) => [
      duration(begin),
      duration(seconds),
      phase,
      name,
      `${outcome === "failed" ? "**failed** " : ""}${note ?? ""}`,
    ]),
  );

function rows(head: string[], body: string[][]): string[] {
  if (body.length === 0) return [];
  const line = (cells: string[]) => `| ${cells.map(cell => cell.replace(/\|/g, "\\|").replace(/\s*\n\s*/g, " ")).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...body.map(line)];
}
