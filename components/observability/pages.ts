import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { System } from "../../systems/declaration";
import { ultrathink } from "../../systems/ultrathink";
import { alertRules, type AlertRule } from "./rules";

export const PAGES = "docs/alerts";
const BEGIN = "<!-- Generated from the declaration; `node --import tsx components/observability/pages.ts` writes it anew. -->";
const END = "<!-- End of the generated part. -->";

/** Who is called for a rule, how fast they answer, and who comes after them. */
function called(system: System, { priority }: AlertRule): string {
  const { escalation } = system.alerting;
  const level = escalation.findIndex(row => row.priority === priority);
  const row = escalation[level];
  if (!row) return "nobody: the dead man's switch waits for it";
  const next = escalation[level + 1];
  const then = row.escalateAfterMinutes && next ? `; after ${row.escalateAfterMinutes} min ${next.who}` : "";
  return `${row.who} (\`${row.receiver}\`), answers in ${row.responseMinutes} min${then}`;
}

/** The generated part of an alert's page: severities, how long they must hold, who is called, and the expressions. */
export function pageHeader(system: System, alert: string): string {
  const rules = alertRules(system).filter(({ name }) => name === alert);
  return [
    BEGIN,
    "",
    "| severity | holds for | priority | who is called |",
    "|---|---|---|---|",
    ...rules.map(rule => `| ${rule.severity} | ${rule.for} | ${rule.priority} | ${called(system, rule)} |`),
    "",
    "```promql",
    ...rules.map(({ severity, expr }) => `# ${severity}\n${expr}`),
    "```",
    "",
    END,
  ].join("\n");
}

/**
 * The page with its generated part renewed.
 *
 * @throws Error that names what the page lacks
 */
export function renewPage(system: System, alert: string, page: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${PAGES}/${alert}.md has no generated part; add these two lines under its title:\n${BEGIN}\n${END}`);
  return `${page.slice(0, begin)}${pageHeader(system, alert)}${page.slice(end + END.length)}`;
}

if (require.main === module) {
  for (const file of readdirSync(PAGES).filter(name => name.endsWith(".md"))) {
    const path = join(PAGES, file);
    writeFileSync(path, renewPage(ultrathink, file.replace(/\.md$/, ""), readFileSync(path, "utf8")));
  }
}
