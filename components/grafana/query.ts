import type { System } from "../../systems/declaration";
import { oneOf } from "../observability/rules/rule";
import type { DatasourceName } from "./datasources";

/** One query of a panel. */
export interface Query {
  datasource: DatasourceName;
  text: string;
  /** Name of each line in the legend, with labels as `{{service}}`. */
  legend?: string;
  /** Series appear only after the first such event, so a quiet system answers nothing. */
  sparse?: boolean;
}

type Options = Omit<Query, "datasource" | "text" | "legend">;

export const promql = (text: string, legend?: string, options: Options = {}): Query => ({ datasource: "prometheus", text, legend, ...options });
export const logql = (text: string, options: Options = {}): Query => ({ datasource: "loki", text, ...options });
export const sql = (text: string, options: Options = {}): Query => ({ datasource: "timescaledb", text, ...options });

/** Label matchers of a system's series and log lines, with more of the caller's. */
export function matching(system: System, ...more: string[]): string {
  return `{${[`system="${system.name}"`, ...more].join(", ")}}`;
}

/** Matcher of the label `service` for one or more services. */
export function ofServices(services: string[]): string {
  return services.length === 1 ? `service="${services[0]}"` : `service=~"${oneOf(services)}"`;
}

/** 1 or 0 by service. Probes come first: `up` of a probed service is its prober's, and `or` takes what the left side lacks. */
export function alive(system: System, ...more: string[]): string {
  const selector = matching(system, ...more);
  return `(probe_success${selector} or up${selector})`;
}

/** A counter's rate per second, summed by labels. */
export function rate(by: string, metric: string, selector: string): string {
  return `sum by (${by}) (rate(${metric}${selector}[$__rate_interval]))`;
}

/** A quantile of a classic histogram, by labels; `le` must survive the sum, or there is nothing to interpolate. */
export function quantile(q: number, by: string, histogram: string, selector: string): string {
  return `histogram_quantile(${q}, sum by (le, ${by}) (rate(${histogram}_bucket${selector}[$__rate_interval])))`;
}

/** What Grafana puts in place of its macros, for a page that shows the last hour. */
const macros: [RegExp, string][] = [
  [/\$__rate_interval/g, "1m"],
  [/\$__timeFilter\(([^)]+)\)/g, "$1 BETWEEN now() - INTERVAL '1 hour' AND now()"],
];

/** The query as a server takes it, for tools other than Grafana. */
export function withoutMacros(text: string): string {
  return macros.reduce((filled, [macro, value]) => filled.replace(macro, value), text);
}
