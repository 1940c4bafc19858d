import { rule } from "../../../policies/rules/prometheus-enforce-scrape";
import { stringify } from "yaml";
import { CONTAINER } from "../../../policies/docker";
import { container, judgeStack, resource } from "../support";

const good = {
  global: { scrape_interval: "15s", evaluation_interval: "15s" },
  rule_files: ["/etc/prometheus/rules/*.yml"],
  alerting: { alertmanagers: [{ static_configs: [{ targets: ["alertmanager:9093"] }] }] },
  scrape_configs: [{ job_name: "ultrathink-prometheus" }, { job_name: "ultrathink-alertmanager" }],
};
const prometheus = (text: string) =>
  resource(
    CONTAINER,
    container({
      name: "ultrathink-prometheus",
      labels: [
        { label: "dev.ultrathink.config.prometheus", value: "/etc/prometheus/prometheus.yml" },
        { label: "dev.ultrathink.config.prometheus-rules", value: "/etc/prometheus/rules/data.yml" },
      ],
      uploads: [
        { file: "/etc/prometheus/prometheus.yml", content: text },
        { file: "/etc/prometheus/rules/data.yml", content: "groups: []" },
      ],
    }),
  );
const alertmanager = resource(CONTAINER, container({ name: "ultrathink-alertmanager" }));
const judged = (change: object) => judgeStack(rule, [prometheus(stringify({ ...good, ...change })), alertmanager]).violations;

describe(rule.name, () => {
  it("accepts a Prometheus that watches everything", () => {
    expect(judged({})).toEqual([]);
  });

  it.each<[string, object, string]>([
    ["another interval", { global: { ...good.global, scrape_interval: "60s" } }, "global.scrape_interval is 60s, the book says 15s"],
    ["rules that are evaluated later", { global: { ...good.global, evaluation_interval: "5m" } }, "global.evaluation_interval is 5m"],
    ["rules that nobody evaluates", { rule_files: [] }, "rule_files leaves out /etc/prometheus/rules/data.yml"],
    ["alerts that nobody gets", { alerting: {} }, "alerting.alertmanagers does not name alertmanager"],
    ["a service that nobody reads", { scrape_configs: good.scrape_configs.slice(0, 1) }, "no scrape job ultrathink-alertmanager reads alertmanager"],
  ])("reports %s", (_title, change, message) => {
    expect(judged(change)).toEqual([expect.stringContaining(message)]);
  });

  it("reports a Prometheus without its configuration", () => {
    expect(judgeStack(rule, [prometheus("{")]).violations).toEqual([expect.stringContaining("no readable config file of kind prometheus")]);
  });

  it("does not apply to a stack without Prometheus", () => {
    expect(judgeStack(rule, [alertmanager])).toEqual({ violations: [], notApplicable: expect.any(String) });
  });
});
