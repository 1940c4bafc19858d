import { parseAlertRules } from "../../../policies/parsers/alert-rules";

test("reads name, expression and severity of each alert, quoted or not", () => {
  const text = [
    "groups:",
    "  - name: g",
    "    rules:",
    "      - alert: A",
    "        expr: (a or b) > 1",
    "        for: 10m",
    "        labels:",
    "          severity: warning",
    "      - record: r",
    "        expr: x > 9",
    "      - alert: B",
    '        expr: "b: > 2"',
    "        labels:",
    "          system: s",
    "          severity: critical",
    "",
  ].join("\n");
  expect(parseAlertRules(text)).toMatchObject([
    { alert: "A", expr: "(a or b) > 1", for: "10m", severity: "warning" },
    { alert: "B", expr: "b: > 2", severity: "critical" },
  ]);
});

test("finds no alert in another text", () => {
  expect(parseAlertRules("scrape_configs: []\n")).toEqual([]);
});

test("reads priority, texts and page", () => {
  const rule = 'alert: A\n        labels: { priority: L1 }\n        annotations: { summary: s, description: d, runbook_url: "https://x/A.md" }';
  expect(parseAlertRules(`groups:\n  - rules:\n      - ${rule}\n`)).toEqual([
    expect.objectContaining({ priority: "L1", summary: "s", description: "d", runbookUrl: "https://x/A.md" }),
  ]);
});

test("finds no alert in what is no YAML", () => {
  expect(parseAlertRules("{")).toEqual([]);
});
