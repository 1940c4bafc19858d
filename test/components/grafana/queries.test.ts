import { parser as logqlParser } from "@grafana/lezer-logql";
import { parser as promqlParser } from "@prometheus-io/lezer-promql";
import { dashboardQueries } from "../../../components/grafana/dashboards";
import { metricsIn } from "../../../components/observability/rules";
import { ultrathink } from "../../../systems/ultrathink";
import { servedMetrics } from "./metric-sources";

const queries = dashboardQueries(ultrathink);
const of = (datasource: string) => queries.filter(query => query.datasource === datasource);

/** Text around each place that a grammar cannot read. */
function faults(parser: typeof promqlParser, text: string): string[] {
  const found: string[] = [];
  parser.parse(text).iterate({ enter: ({ type, from }) => void (type.isError && found.push(text.slice(from, from + 30) || "its end")) });
  return found;
}

test("all three data sources are asked", () => {
  expect(Object.fromEntries(["prometheus", "loki", "timescaledb"].map(name => [name, of(name).length > 0]))).toEqual({
    prometheus: true,
    loki: true,
    timescaledb: true,
  });
});

test.each(of("prometheus"))("$dashboard, $panel: PromQL", ({ query }) => {
  expect(faults(promqlParser, query)).toEqual([]);
});

test.each(of("loki"))("$dashboard, $panel: LogQL", ({ query }) => {
  expect(faults(logqlParser, query)).toEqual([]);
});

test("no macro of Grafana is left in a query", () => {
  expect(queries.filter(({ query }) => query.includes("$"))).toEqual([]);
});

test("every PromQL and LogQL selector names the system, so that two systems on one Prometheus do not mix", () => {
  for (const { dashboard, panel, query } of [...of("prometheus"), ...of("loki")]) {
    const selectors = [...query.matchAll(/\{([^}]*)\}/g)].map(([, matchers]) => matchers!);
    const names = metricsIn(query.replace(/\{[^}]*\}/g, match => (match.includes('system="ultrathink"') ? match : "{}")));
    expect({ dashboard, panel, foreign: selectors.filter(matchers => !matchers.includes('system="ultrathink"')) }).toEqual({
      dashboard,
      panel,
      foreign: [],
    });
    expect(selectors.length).toBeGreaterThanOrEqual(names.length);
  }
});

test("every service that a selector names is declared", () => {
  const named = queries.flatMap(({ query }) => [...query.matchAll(/service=~?"([^"]+)"/g)].flatMap(([, names]) => names!.split("|")));
  expect(named.length).toBeGreaterThan(50);
  expect(named.filter(name => !(name in ultrathink.services))).toEqual([]);
});

test("every metric of a panel comes from a declared job", () => {
  const served = servedMetrics(ultrathink);
  const unknown = of("prometheus").flatMap(({ dashboard, panel, query }) =>
    metricsIn(query)
      .filter(metric => !served.has(metric))
      .map(metric => `${dashboard}, ${panel}: ${metric}`),
  );
  expect(unknown).toEqual([]);
});

test("a rate is of a counter, a quantile of buckets", () => {
  for (const { query } of of("prometheus")) {
    for (const [, metric] of query.matchAll(/\b(?:rate|increase)\((\w+)/g))
      expect(metric).toMatch(/_(total|bucket|sum|count)$|^pg_stat_database_|^supercronic_|_current_offset$/);
    for (const [, inner] of query.matchAll(/histogram_quantile\([\d.]+, (.*)\)/g)) expect(inner).toMatch(/^sum by \(le, \w+\) \(rate\(\w+_bucket\{/);
  }
});
