import { parser } from "@prometheus-io/lezer-promql";
import { stringify } from "yaml";
import type { System } from "../../../systems/declaration";
import type { ObservabilityEnvironment } from "../environment";
import { metricSources } from "../metrics";
import { availability } from "./availability";
import { backups } from "./backups";
import { cluster } from "./cluster";
import { data } from "./data";
import { kafka } from "./kafka";
import { observability } from "./observability";
import { resources } from "./resources";
import type { AlertRule, Family } from "./rule";
import { workloads } from "./workloads";

export type { AlertRule } from "./rule";

const families: Record<string, Family> = { availability, resources, data, kafka, workloads, backups, observability, cluster };

/** Every alert rule of a system, in the order of the rule files. */
export function alertRules(system: System): AlertRule[] {
  return Object.values(families).flatMap(family => family(system));
}

/** Address of an alert's page. */
export function runbookUrl(docsUrl: string, alert: string): string {
  return `${docsUrl}/docs/alerts/${alert}.md`;
}

/** One rule file per family, in Prometheus' own format. A family without rules has no file. */
export function ruleFiles(system: System, env: Pick<ObservabilityEnvironment, "docsUrl">): { family: string; content: string }[] {
  return Object.entries(families).flatMap(([family, rulesOf]) => {
    const rules = rulesOf(system).map(({ name, severity, priority, expr, for: wait, service, summary, description }) => ({
      alert: name,
      expr,
      for: wait,
      labels: { severity, priority, system: system.name, ...(service ? { service } : {}) },
      annotations: { summary, description, runbook_url: runbookUrl(env.docsUrl, name) },
    }));
    return rules.length === 0 ? [] : [{ family, content: stringify({ groups: [{ name: `${system.name}-${family}`, rules }] }, { lineWidth: 0 }) }];
  });
}

/** Metric names in a PromQL expression. */
export function metricsIn(expr: string): string[] {
  const names = new Set<string>();
  parser.parse(expr).iterate({
    enter: node => {
      if (node.type.isError) throw new Error(`not PromQL at character ${node.from}: ${expr}`);
      if (node.name === "VectorSelector") {
        const identifier = node.node.getChild("Identifier");
        if (identifier) names.add(expr.slice(identifier.from, identifier.to));
      }
    },
  });
  return [...names];
}

/** Every metric that a rule reads, the services whose scrape job delivers it, and the alerts that need it. */
export function ruleMetrics(system: System): { metric: string; services: string[]; alerts: string[] }[] {
  const alerts = new Map<string, Set<string>>();
  for (const { name, expr } of alertRules(system)) {
    for (const metric of metricsIn(expr)) alerts.set(metric, (alerts.get(metric) ?? new Set()).add(name));
  }
  const sources = metricSources(system);
  return [...alerts].map(([metric, names]) => {
    const services = sources[metric];
    if (!services)
      throw new Error(`${metric} is read by ${[...names].join(", ")} and no declared job delivers it; add it to metrics.ts with its source`);
    return { metric, services, alerts: [...names] };
  });
}
