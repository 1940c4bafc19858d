import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dashboardQueries } from "../../../components/grafana/dashboards";
import { alertRules } from "../../../components/observability/rules";
import { ultrathink } from "../../../systems/ultrathink";
import { metricNames } from "./exposition";

it("reads names from samples, not from comments", () => {
  expect([...metricNames('# HELP a_b Help c_d.\na_b{x="1"} 2\ne:f 3\n')]).toEqual(["a_b", "e:f"]);
});

it("the recorded exposition has every GPU metric that a rule or a panel reads", () => {
  const recorded = metricNames(readFileSync(join(__dirname, "../fixtures/dcgm.prom"), "utf8"));
  const expressions = [...alertRules(ultrathink).map(({ expr }) => expr), ...dashboardQueries(ultrathink).map(({ query }) => query)];
  const read = new Set(expressions.flatMap(expression => expression.match(/DCGM_\w+/g) ?? []));
  expect(read.size).toBeGreaterThan(1);
  expect([...read].filter(metric => !recorded.has(metric))).toEqual([]);
});
