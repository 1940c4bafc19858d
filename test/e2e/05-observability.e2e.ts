import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dashboardQueries } from "../../components/grafana/dashboards";
import { ruleMetrics } from "../../components/observability/rules";
import { without } from "../../systems/declaration";
import { ultrathink } from "../../systems/ultrathink";
import { metricNames } from "./harness/exposition";
import { lokiQuery, promQuery, untilQuery } from "./harness/prometheus";
import { leftOut, sql } from "./harness/stack";
import { until } from "./harness/until";

/** What the GPU exporter answers, from its documentation, for a machine that has no GPU. */
const recorded = metricNames(readFileSync(join(__dirname, "fixtures/dcgm.prom"), "utf8"));

/** What the backup sidecar answers only after an event that a fresh stack has not had, from its recorded answer. */
const afterEvents = [...metricNames(readFileSync(join(__dirname, "fixtures/backup.prom"), "utf8"))].filter(name =>
  /^(restore_test|game_day)_last_success/.test(name),
);

let system: typeof ultrathink;
beforeAll(async () => {
  system = without(ultrathink, await leftOut());
});

describe("the running Prometheus and Loki", () => {
  it("reach every declared target", async () => {
    const declared = Object.entries(system.services)
      .filter(([, row]) => row.scrape)
      .map(([name]) => `ultrathink-${name}`)
      .sort();
    await untilQuery('up{job=~"ultrathink-.*"} == 1', 120, samples => samples.length >= declared.length);
    expect((await promQuery('up{job=~"ultrathink-.*"}')).map(({ metric }) => metric.job).sort()).toEqual(declared);
    await untilQuery("probe_success == 0", 60, samples => samples.length === 0);
  });

  it("have every metric of every alert rule, from the service that is said to deliver it", async () => {
    const missing: string[] = [];
    for (const { metric, services, alerts } of ruleMetrics(system)) {
      const present = services.filter(service => system.services[service]);
      if (present.length === 0 && services.includes("dcgm-exporter")) {
        if (!recorded.has(metric)) missing.push(`${metric} (${alerts.join(", ")}): not in the recorded exposition of the GPU exporter`);
        continue;
      }
      if (afterEvents.includes(metric)) continue;
      for (const service of present) {
        await untilQuery(`{__name__="${metric}",job="ultrathink-${service}"}`, 45).catch(() =>
          missing.push(`${metric} from ${service} (${alerts.join(", ")})`),
        );
      }
    }
    expect(missing).toEqual([]);
  });

  it("have loaded every rule, and evaluate each without an error", async () => {
    const rules = (await (await fetch("http://127.0.0.1:9090/api/v1/rules")).json()) as {
      data: { groups: { rules: { name: string; health: string; lastError?: string }[] }[] };
    };
    const loaded = rules.data.groups.flatMap(({ rules: group }) => group);
    expect(loaded.length).toBeGreaterThan(20);
    await until("every rule evaluated", 60, async () => (loaded.every(({ health }) => health !== "unknown") ? true : undefined));
    expect(loaded.filter(({ health }) => health !== "ok")).toEqual([]);
  });

  it("answer every query of every dashboard", async () => {
    const failed: string[] = [];
    const silent: string[] = [];
    for (const { dashboard, panel, datasource, query } of dashboardQueries(system)) {
      const title = `${dashboard} / ${panel}: ${query}`;
      try {
        const answers =
          datasource === "timescaledb" ? (await sql(query)).length : datasource === "loki" ? await lokiQuery(query) : (await promQuery(query)).length;
        if (answers === 0) silent.push(title);
      } catch (error) {
        failed.push(`${title}\n  ${(error as Error).message}`);
      }
    }
    expect(failed).toEqual([]);
    // What a healthy platform has nothing of: errors, evictions, rollbacks, open breakers, a filling disk; and nightly jobs on its first day.
    expect(silent.filter(title => !QUIET_WHEN_WELL.test(title))).toEqual([]);
  });
});

const QUIET_WHEN_WELL =
  /error|5\.\.|fail|evict|rollback|rolled|open|ALERTS|firing|restart|missing|under|offline|lag|dead|invalid|degraded|slow|Hours until a disk is full|Runs in a day/i;
