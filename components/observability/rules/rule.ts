import { parseLimit, type Duration, type System, type Threshold } from "../../../systems/declaration";

export type Severity = "critical" | "warning";

/** One alert rule as the rule files, the pages and the tests read it. */
export interface AlertRule {
  /** Alert name; warning and critical rules of one threshold share it, so that one inhibits the other. */
  name: string;
  /** `none` only for the watchdog, which always fires. */
  severity: Severity | "none";
  /** Level of the escalation table that is called first. */
  priority: string;
  expr: string;
  for: Duration;
  /** Fixed `service` label, for an expression whose series carry none. */
  service?: string;
  summary: string;
  description: string;
}

/** A named list of rules about one subject: one rule file. */
export type Family = (system: System) => AlertRule[];

type Alert = Pick<AlertRule, "name" | "service" | "summary" | "description">;

/** A rule that has one severity and no threshold: something is, or is not. */
export function rule(system: System, severity: Severity, wait: keyof System["alerting"]["for"], alert: Alert & { expr: string }): AlertRule {
  return { ...alert, severity, priority: system.alerting.priorityOf[severity], for: system.alerting.for[wait] };
}

/**
 * A rule for each severity that the threshold has.
 *
 * @param expr builds the expression around the comparison, such as `>= 0.8`
 */
export function thresholdRules(
  system: System,
  threshold: Threshold,
  alert: Alert & { expr: (comparison: string) => string; wait?: keyof System["alerting"]["for"] },
): AlertRule[] {
  const { expr, wait, ...text } = alert;
  return (["warning", "critical"] as const).flatMap(severity => {
    const limit = threshold[severity];
    if (limit === undefined) return [];
    const { operator, value } = parseLimit(limit, `${alert.name} ${severity}`);
    return [
      rule(system, severity, wait ?? severity, {
        ...text,
        expr: expr(`${operator} ${value}`),
        description: `${text.description} Fires at ${limit}.`,
      }),
    ];
  });
}

/** A PromQL pattern that matches exactly these values. */
export function oneOf(values: string[]): string {
  return values.map(value => value.replace(/[.*+?^${}()|[\]\\]/g, "\\\\$&")).join("|");
}
