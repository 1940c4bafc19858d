import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { alertRules, metricsIn, ruleFiles, ruleMetrics } from "../../components/observability/rules";
import { dockerDiscovery } from "../../components/backends/docker/discovery";
import { prometheusConfig, RULES_FOLDER } from "../../components/observability/scrape";
import { ultrathink } from "../../systems/ultrathink";
import type { AlertCase, Fired } from "./case";
import { cases } from "./cases";
import lock from "../../images.lock.json";
import { tagged } from "../../ops/image-reference";
import { metricNames } from "../e2e/harness/exposition";
import { run } from "./tools";

const docsUrl = "https://docs.example/project";
/** The escalation table of the runbook, a second time. */
const PRIORITY: Record<Fired["severity"], string> = { warning: "L1", critical: "L2", none: "none" };
const folder = mkdtempSync(join(tmpdir(), "alerts-"));

const labels = (fired: Fired) => ({ system: "ultrathink", priority: PRIORITY[fired.severity], ...fired });
const sample = (alert: string, fired: Fired) =>
  `ALERTS{${Object.entries({ ...labels(fired), alertname: alert, alertstate: "firing" })
    .map(([key, value]) => `${key}="${value}"`)
    .join(",")}}`;

/** One of promtool's own tests. Which alerts fire is read from ALERTS, so that the wording need not stand in every case. */
function promtoolTest({ alert, says, series, at, fires, text }: AlertCase) {
  return {
    name: `${alert}: ${says}`,
    interval: "1m",
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    promql_expr_test: [
      {
        expr: `ALERTS{alertname="${alert}",alertstate="firing"}`,
        eval_time: at,
        exp_samples: fires.map(fired => ({ labels: sample(alert, fired), value: 1 })),
      },
    ],
    ...(text
      ? {
          alert_rule_test: [
            {
              alertname: alert,
              eval_time: at,
              exp_alerts: fires
                .filter(({ severity }) => severity === text.severity)
                .map(fired => ({
                  exp_labels: labels(fired),
                  exp_annotations: { summary: text.summary, description: text.description, runbook_url: `${docsUrl}/docs/alerts/${alert}.md` },
                })),
            },
          ],
        }
      : {}),
  };
}

beforeAll(() => {
  mkdirSync(join(folder, "rules"));
  for (const { family, content } of ruleFiles(ultrathink, { docsUrl })) {
    writeFileSync(join(folder, "rules", `${family}.yml`), content);
  }
  writeFileSync(
    join(folder, "prometheus.yml"),
    prometheusConfig(ultrathink, dockerDiscovery(ultrathink)).replaceAll(RULES_FOLDER, join(folder, "rules")),
  );
  for (const [family, list] of Object.entries(cases)) {
    writeFileSync(
      join(folder, `${family}.test.yml`),
      stringify({ rule_files: [`rules/${family}.yml`], evaluation_interval: "1m", tests: list.map(promtoolTest) }, { lineWidth: 0 }),
    );
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const rules = alertRules(ultrathink);
const all = Object.values(cases).flat();
const firing = (name: string, severity: string) => all.some(({ alert, fires }) => alert === name && fires.some(fired => fired.severity === severity));
const quiet = (name: string, severity: string) => all.some(({ alert, fires }) => alert === name && !fires.some(fired => fired.severity === severity));
const id = ({ name, severity }: { name: string; severity: string }) => `${name} (${severity})`;

test("promtool is that of the Prometheus that is deployed", () => {
  expect(run("promtool", ["--version"]).output).toContain(`version ${tagged(lock.prometheus).split(":v")[1]}`);
});

test("promtool takes the configuration and every rule file", () => {
  const { code, output } = run("promtool", ["check", "config", join(folder, "prometheus.yml")]);
  expect({ code, output: code === 0 ? "" : output }).toEqual({ code: 0, output: "" });
  expect(output).toContain(`${readdirSync(join(folder, "rules")).length} rule files found`);
});

test("every alert fires and stays quiet where its cases say so", () => {
  const { code, output } = run("promtool", ["test", "rules", ...Object.keys(cases).map(family => join(folder, `${family}.test.yml`))]);
  expect({ code, output: code === 0 ? "" : output }).toEqual({ code: 0, output: "" });
}, 120_000);

test("every rule has a case in which it fires and one in which it is quiet", () => {
  const pages = new Set(
    readdirSync("docs/alerts")
      .filter(file => file.endsWith(".md"))
      .map(file => file.replace(/\.md$/, "")),
  );
  // The watchdog fires always; that is what it is for.
  const silent = rules.filter(({ name }) => name !== "Watchdog");
  const names = [...new Set(rules.map(({ name }) => name))];
  const counts = {
    pages: names.filter(name => pages.has(name)).length,
    firing: rules.filter(({ name, severity }) => firing(name, severity)).length,
    quiet: silent.filter(({ name, severity }) => quiet(name, severity)).length,
    worded: names.filter(name => all.some(({ alert, text }) => alert === name && text)).length,
  };
  process.stdout.write(
    `alerts with a page ${counts.pages} of ${names.length}, with their wording tested ${counts.worded} of ${names.length}; ` +
      `rules with a firing test ${counts.firing} of ${rules.length}, with a quiet test ${counts.quiet} of ${silent.length} (the watchdog is never quiet); ${all.length} cases\n`,
  );
  expect(rules.filter(({ name, severity }) => !firing(name, severity)).map(id)).toEqual([]);
  expect(silent.filter(({ name, severity }) => !quiet(name, severity)).map(id)).toEqual([]);
  expect(names.filter(name => !all.some(({ alert, text }) => alert === name && text))).toEqual([]);
  expect([...pages].sort()).toEqual([...names].sort());
});

test("every threshold of the runbook has its rules in both severities", () => {
  expect(
    rules
      .filter(({ name }) => name !== "Watchdog")
      .map(id)
      .sort(),
  ).toEqual([
    "BackupFailed (warning)",
    "BackupTooOld (critical)",
    "BackupTooOld (warning)",
    "CertificateExpiry (critical)",
    "CertificateExpiry (warning)",
    "CircuitBreakerOpen (critical)",
    "CircuitBreakerOpen (warning)",
    "ConsumerLagHigh (critical)",
    "ConsumerLagHigh (warning)",
    "CpuHigh (critical)",
    "CpuHigh (warning)",
    "DatabaseConnectionsHigh (critical)",
    "DatabaseConnectionsHigh (warning)",
    "DiskFullSoon (warning)",
    "DiskSpaceLow (critical)",
    "DiskSpaceLow (warning)",
    "ExporterDown (warning)",
    "GameDayOverdue (warning)",
    "GpuMemoryHigh (critical)",
    "GpuMemoryHigh (warning)",
    "KafkaActiveControllers (critical)",
    "KafkaOfflinePartitions (critical)",
    "KafkaUnderMinIsr (critical)",
    "KafkaUnderReplicatedPartitions (critical)",
    "KafkaUnderReplicatedPartitions (warning)",
    "KubeDeploymentReplicasMismatch (warning)",
    "KubeHpaMaxedOut (warning)",
    "KubeJobFailed (warning)",
    "KubePdbNotEnoughHealthyPods (warning)",
    "KubePersistentVolumeClaimNotBound (critical)",
    "KubePodCrashLooping (warning)",
    "KubePodNotReady (warning)",
    "KubeStatefulSetReplicasMismatch (warning)",
    "LogLagHigh (warning)",
    "LogLinesMissing (warning)",
    "MemoryHigh (critical)",
    "MemoryHigh (warning)",
    "ModelRollbacks (critical)",
    "ModelRollbacks (warning)",
    "RedisEvictionsHigh (warning)",
    "RedisMemoryHigh (critical)",
    "RedisMemoryHigh (warning)",
    "RestoreTestFailed (critical)",
    "RestoreTestTooOld (warning)",
    "ServiceDown (critical)",
    "ServiceRestarting (warning)",
    "TargetMissing (warning)",
    "WalArchivingBehind (critical)",
    "WalArchivingBehind (warning)",
  ]);
});

test("every metric of a rule comes from a declared service", () => {
  const declared = Object.keys(ultrathink.services);
  expect(ruleMetrics(ultrathink).filter(({ services }) => services.length === 0 || services.some(name => !declared.includes(name)))).toEqual([]);
});

test("every metric of a rule about backups is one that the sidecar's program serves", () => {
  const served = metricNames(readFileSync("test/e2e/fixtures/backup.prom", "utf8"));
  const read = ruleMetrics(ultrathink).filter(({ metric, services }) => metric !== "up" && services.includes("backup"));
  expect(read.length).toBeGreaterThan(5);
  expect(read.filter(({ metric }) => !served.has(metric))).toEqual([]);
});

test("a metric that nothing delivers is found", () => {
  expect(metricsIn('rate(nobody_has_this_total{a="b"}[5m]) / on (x) sum by (y) (other)')).toEqual(["nobody_has_this_total", "other"]);
});
