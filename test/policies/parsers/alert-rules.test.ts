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
  expect(parseAlertRules(text)).toEqual([
    { alert: "A", expr: "(a or b) > 1", severity: "warning" },
    { alert: "B", expr: "b: > 2", severity: "critical" },
  ]);
});

test("finds no alert in another text", () => {
  expect(parseAlertRules("scrape_configs: []\n")).toEqual([]);
});
