import { parseYaml } from "./yaml";

export interface AlertRule {
  alert: string;
  expr: string;
  for?: string;
  severity?: string;
  priority?: string;
  summary?: string;
  description?: string;
  runbookUrl?: string;
}

interface RuleFile {
  groups?: { rules?: { alert?: string; expr?: unknown; for?: string; labels?: Record<string, string>; annotations?: Record<string, string> }[] }[];
}

/** The alerts of a Prometheus rule file; none where it is no such file. */
export function parseAlertRules(text: string): AlertRule[] {
  const rules = (parseYaml(text) as RuleFile | undefined)?.groups?.flatMap(group => group.rules ?? []) ?? [];
  return rules
    .filter(({ alert }) => alert !== undefined)
    .map(({ alert, expr, for: wait, labels, annotations }) => ({
      alert: alert!,
      expr: String(expr ?? ""),
      for: wait,
      severity: labels?.["severity"],
      priority: labels?.["priority"],
      summary: annotations?.["summary"],
      description: annotations?.["description"],
      runbookUrl: annotations?.["runbook_url"],
    }));
}
