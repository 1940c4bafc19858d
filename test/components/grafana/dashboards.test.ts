import { dashboards } from "../../../components/grafana/dashboards";
import { datasources } from "../../../components/grafana/datasources";
import { alertRules } from "../../../components/observability/rules";
import { without } from "../../../systems/declaration";
import { ultrathink } from "../../../systems/ultrathink";
import { dashboardSchema, type Dashboard } from "./dashboard-schema";

const DOCS = "https://docs.example/base";
const files = dashboards(ultrathink, DOCS);
const parsed = files.map(({ uid, json }) => ({ uid, dashboard: JSON.parse(json) as Dashboard }));
type Panel = Exclude<Dashboard["panels"][number], { type: "row" }>;
const panels = parsed.flatMap(({ uid, dashboard }) =>
  dashboard.panels.filter((panel): panel is Panel => panel.type !== "row").map(panel => ({ uid, panel })),
);

test("there is a page for the platform and one for each part", () => {
  expect(files.map(({ title }) => title)).toEqual([
    "Platform",
    "TimescaleDB",
    "Kafka and ZooKeeper",
    "Redis",
    "MLflow and object store",
    "Workloads, inference and decisions",
    "Circuit breakers",
    "Training and models",
    "Backups and recovery",
    "Containers",
    "Host",
    "Cluster",
    "Observability",
    "GPU",
  ]);
});

test.each(parsed)("$uid is a dashboard as Grafana reads it", ({ uid, dashboard }) => {
  const result = dashboardSchema.safeParse(dashboard);
  expect(result.error?.issues ?? []).toEqual([]);
  expect(dashboard.uid).toBe(uid);
});

test("the addresses of pages do not change", () => {
  expect(files.map(({ uid }) => uid)).toEqual(
    [
      "platform",
      "timescaledb",
      "kafka",
      "redis",
      "mlflow",
      "workloads",
      "circuit-breakers",
      "training",
      "backups",
      "containers",
      "host",
      "cluster",
      "observability",
      "gpu",
    ].map(slug => `ultrathink-${slug}`),
  );
});

test.each(parsed)("$uid: ids are unique and no panel lies on another", ({ dashboard }) => {
  expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  const cells = dashboard.panels.flatMap(({ id, gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, cell) => ({ id, cell: `${x + (cell % w)},${y + Math.floor(cell / w)}` })),
  );
  const owners = new Map<string, number>();
  const shared = cells.filter(({ id, cell }) => owners.has(cell) || !owners.set(cell, id));
  expect(shared).toEqual([]);
});

test("every target asks a provisioned data source, its panel's own, under a name of its own", () => {
  const provisioned = datasources(ultrathink).map(({ uid, type }) => `${uid} ${type}`);
  for (const { uid, panel } of panels) {
    const asked = panel.targets.map(({ datasource }) => `${datasource.uid} ${datasource.type}`);
    expect({ uid, panel: panel.title, unknown: asked.filter(name => !provisioned.includes(name)) }).toEqual({ uid, panel: panel.title, unknown: [] });
    expect(new Set([`${panel.datasource.uid} ${panel.datasource.type}`, ...asked]).size).toBe(1);
    expect(new Set(panel.targets.map(({ refId }) => refId)).size).toBe(panel.targets.length);
  }
});

/** Colour that Grafana gives to a value. */
function colorOf(panel: Panel, value: number): string | undefined {
  const steps = panel.fieldConfig?.defaults.thresholds?.steps ?? [];
  return steps.findLast(step => step.value === null || value >= step.value)?.color;
}

describe("a panel's colours are its alert's", () => {
  const comparison = / (>=|>|<) (\d+(?:\.\d+)?)\)?$/;
  const limits = (alert: string) =>
    alertRules(ultrathink)
      .filter(({ name }) => name === alert)
      .flatMap(({ severity, expr }) => {
        const [, operator, number] = comparison.exec(expr) ?? [];
        return operator ? [{ severity, operator, limit: Number(number) }] : [];
      });
  const fires = (value: number, { operator, limit }: { operator: string; limit: number }) =>
    operator === ">=" ? value >= limit : operator === ">" ? value > limit : value < limit;
  const colored = panels.flatMap(({ uid, panel }) => {
    const alert = panel.links?.[0]?.title.replace("Alert: ", "");
    return alert && panel.type !== "state-timeline" && limits(alert).length > 0 ? [{ uid, panel, alert }] : [];
  });

  test("there are such panels for most alerts", () => expect(new Set(colored.map(({ alert }) => alert)).size).toBeGreaterThanOrEqual(16));

  test.each(colored.map(entry => ({ ...entry, title: entry.panel.title })))("$uid, $title: $alert", ({ panel, alert }) => {
    const declared = limits(alert);
    for (const value of declared.flatMap(({ limit }) => [limit - 0.005, limit, limit + 0.005])) {
      const severities = declared.filter(limit => fires(value, limit)).map(({ severity }) => severity);
      const expected = severities.includes("critical") ? "red" : severities.includes("warning") ? "orange" : "green";
      expect({ value, color: colorOf(panel, value) }).toEqual({ value, color: expected });
    }
  });
});

test("every alert but the two about alerting itself has a panel that leads to its page", () => {
  const linked = new Set(panels.flatMap(({ panel }) => (panel.links ?? []).map(({ url }) => url)));
  const names = [...new Set(alertRules(ultrathink).map(({ name }) => name))];
  expect(names.filter(name => !linked.has(`${DOCS}/docs/alerts/${name}.md`)).sort()).toEqual(["TargetMissing", "Watchdog"]);
  expect(linked.size).toBe(names.length - 2);
});

test("a stack without a service has no page, panel or data source that asks for it", () => {
  for (const service of Object.keys(ultrathink.services)) {
    const system = without(ultrathink, [service]);
    const text = dashboards(system, DOCS)
      .map(({ json }) => json)
      .join();
    const named = [...text.matchAll(/service=~?\\"([^\\]+)\\"/g)].flatMap(([, names]) => names!.split("|"));
    expect(named).not.toContain(service);
    const asked = new Set([...text.matchAll(/"uid": "([a-z]+)",\s+"type"/g)].map(([, uid]) => uid));
    expect({ service, unprovisioned: [...asked].filter(uid => !datasources(system).some(source => source.uid === uid)) }).toEqual({
      service,
      unprovisioned: [],
    });
  }
});

test("another system has pages of its own from the same code", () => {
  const { kafka, ...rest } = ultrathink;
  const other = { ...without(rest, [...kafka!.brokers, "zookeeper", "kafka-exporter", "dcgm-exporter"]), name: "lab", zookeeper: undefined };
  const pages = dashboards(other, DOCS);
  expect(pages.map(({ uid }) => uid)).not.toContain("lab-kafka");
  expect(pages.map(({ uid }) => uid)).toContain("lab-platform");
  expect(pages.map(({ json }) => json).join()).not.toContain("ultrathink");
});
