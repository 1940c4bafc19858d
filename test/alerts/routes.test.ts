import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { alertmanagerConfig, alertmanagerSpec } from "../../components/observability/alertmanager";
import type { ObservabilityEnvironment } from "../../components/observability/environment";
import { alertRules } from "../../components/observability/rules";
import { ultrathink } from "../../systems/ultrathink";
import lock from "../../images.lock.json";
import { tagged } from "../../ops/image-reference";
import { run } from "./tools";

const env = (notifications: ObservabilityEnvironment["notifications"] = {}): ObservabilityEnvironment => ({
  docsUrl: "https://docs.example",
  portOffset: 0,
  notifications,
});
const folder = mkdtempSync(join(tmpdir(), "routes-"));
const file = join(folder, "alertmanager.yml");

beforeAll(() => writeFileSync(file, alertmanagerConfig(ultrathink, env())));
afterAll(() => rmSync(folder, { recursive: true }));

const receiverOf = (labels: Record<string, string>) =>
  run("amtool", [
    "config",
    "routes",
    "test",
    `--config.file=${file}`,
    ...Object.entries(labels).map(([key, value]) => `${key}=${value}`),
  ]).output.trim();

test("amtool is that of the Alertmanager that is deployed", () => {
  expect(run("amtool", ["--version"]).output).toContain(`version ${tagged(lock.alertmanager).split(":v")[1]}`);
});

test.each([
  [{ alertname: "DiskSpaceLow", severity: "warning", priority: "L1" }, "on-call"],
  [{ alertname: "DiskSpaceLow", severity: "critical", priority: "L2" }, "infrastructure-lead"],
  [{ alertname: "BackupTooOld", severity: "warning", priority: "L1", backup: "kafka" }, "on-call"],
  [{ alertname: "WalArchivingBehind", severity: "critical", priority: "L2" }, "infrastructure-lead"],
  [{ alertname: "TradingHalted", severity: "critical", priority: "L3" }, "management"],
  [{ alertname: "Watchdog", severity: "none", priority: "none" }, "dead-mans-switch"],
  [{ alertname: "Somebodys", severity: "critical" }, "on-call"],
])("%j goes to %s", (labels, receiver) => {
  expect(receiverOf(labels)).toBe(receiver);
});

test("every rule reaches a receiver of the escalation table", () => {
  const expected: Record<string, string> = { warning: "on-call", critical: "infrastructure-lead", none: "dead-mans-switch" };
  const kinds = new Map(
    alertRules(ultrathink).map(({ name, severity, priority }) => [`${severity} ${priority} ${name === "Watchdog"}`, { name, severity, priority }]),
  );
  for (const { name, severity, priority } of kinds.values()) {
    expect({ severity, receiver: receiverOf({ alertname: name, severity, priority }) }).toEqual({ severity, receiver: expected[severity] });
  }
});

test("a critical alert waits less and is repeated more often than a warning; the watchdog every minute", () => {
  const { route } = parse(alertmanagerConfig(ultrathink, env()));
  expect([route.group_wait, route.repeat_interval]).toEqual(["30s", "4h"]);
  for (const level of route.routes.slice(1)) {
    expect(level.routes).toEqual([{ matchers: ['severity="critical"'], group_wait: "5s", group_interval: "1m", repeat_interval: "1h" }]);
  }
  expect(route.routes[0]).toMatchObject({ receiver: "dead-mans-switch", repeat_interval: "1m" });
});

test("a critical alert hides the warning about the same thing, and not that about another disk, GPU or backup", () => {
  expect(parse(alertmanagerConfig(ultrathink, env())).inhibit_rules).toEqual([
    {
      source_matchers: ['severity="critical"'],
      target_matchers: ['severity="warning"'],
      equal: ["alertname", "system", "service", "device", "gpu", "backup"],
    },
  ]);
});

test("amtool takes the configuration with and without somebody to call", () => {
  const called = join(folder, "called.yml");
  writeFileSync(
    called,
    alertmanagerConfig(
      ultrathink,
      env({ "on-call": { pagerdutyRoutingKey: "k" }, "dead-mans-switch": { webhookUrl: "https://switch.example/ping" } }),
    ),
  );
  for (const path of [file, called]) {
    expect(run("amtool", ["check-config", path])).toMatchObject({ code: 0 });
  }
});

test("a routing key stands in a file of mode 0400 and not in the configuration", () => {
  const key = "not-a-real-routing-key";
  const spec = alertmanagerSpec(ultrathink, env({ "on-call": { pagerdutyRoutingKey: key } }));
  const config = spec.files!.find(({ kind }) => kind === "alertmanager")!.content as string;
  expect(config).not.toContain(key);
  expect(parse(config).receivers.find(({ name }: { name: string }) => name === "on-call").pagerduty_configs[0].routing_key_file).toBe(
    "/run/secrets/on-call-routing-key",
  );
  expect(spec.files).toContainEqual({ path: "/run/secrets/on-call-routing-key", kind: "secret", content: key });
});

test("a receiver that the escalation table lacks is refused with those that it has", () => {
  expect(() => alertmanagerConfig(ultrathink, env({ "on-cal": { webhookUrl: "https://x.example" } }))).toThrow(
    'notifications: there is no receiver "on-cal"; receivers of ultrathink are on-call, infrastructure-lead, management, dead-mans-switch',
  );
});
