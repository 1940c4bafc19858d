import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { dashboardQueries } from "../../../components/grafana/dashboards";
import { ultrathink } from "../../../systems/ultrathink";
import { run } from "../../alerts/tools";

const folder = mkdtempSync(join(tmpdir(), "grafana-"));
afterAll(() => rmSync(folder, { recursive: true }));

const queries = dashboardQueries(ultrathink);
const query = (dashboard: string, panel: string) =>
  queries.find(found => found.dashboard === `ultrathink-${dashboard}` && found.panel === panel)!.query;

/** Writes a file for promtool and runs it. */
function promtool(command: string[], name: string, content: object) {
  const path = join(folder, name);
  writeFileSync(path, stringify(content, { lineWidth: 0 }));
  return run("promtool", [...command, path]);
}

test("Prometheus itself reads every query of every panel", () => {
  const promql = queries.filter(({ datasource }) => datasource === "prometheus");
  // A grammar knows no types: only Prometheus refuses rate() of a number.
  const rules = promql.map(({ query: expr }, index) => ({ record: `panel:${index}`, expr }));
  const { code, output } = promtool(["check", "rules"], "rules.yml", { groups: [{ name: "panels", rules }] });
  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining(`${promql.length} rules found`) as string });
});

test("the platform's page says what is down: probed services by their probe, others by their scrape", () => {
  const of = (service: string) => `{system="ultrathink", service="${service}", job="ultrathink-${service}", instance="x"}`;
  const { code, output } = promtool(["test", "rules"], "alive.yml", {
    tests: [
      {
        interval: "1m",
        input_series: [
          { series: `up${of("redis")}`, values: "1" },
          { series: `probe_success${of("redis")}`, values: "0" },
          { series: `up${of("data-service")}`, values: "0" },
          { series: `up${of("mlflow")}`, values: "1" },
        ],
        promql_expr_test: [
          { expr: query("platform", "Services down"), eval_time: "0m", exp_samples: [{ labels: "{}", value: 2 }] },
          {
            expr: query("platform", "Up"),
            eval_time: "0m",
            exp_samples: [
              { labels: '{service="redis"}', value: 0 },
              { labels: '{service="data-service"}', value: 0 },
              { labels: '{service="mlflow"}', value: 1 },
            ],
          },
        ],
      },
    ],
  });
  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining("SUCCESS") as string });
});
