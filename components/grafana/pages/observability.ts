import { present, type PageOf, type Row } from "../page";
import { logs, stat, stateTimeline, timeseries, upOrDown } from "../panel";
import { matching, promql, quantile, rate } from "../query";

/** The watchers watched: targets, Prometheus, Alertmanager, Loki with its canary, and the scheduled jobs. */
export const observability: PageOf = system => {
  const { prometheus, alertmanager, loki, canary, logAgent } = system.observability;
  const all = matching(system);
  const { logLagSeconds } = system.alerting.thresholds;
  const part = (title: string, services: (string | undefined)[], panels: Row["panels"]): Row[] =>
    present(system, ...services).length === services.length ? [{ title, panels }] : [];
  const latency = (suffix: string) => `sum(rate(loki_canary_response_latency_seconds_${suffix}${all}[5m]))`;
  const watched = present(system, prometheus.service, alertmanager.service, loki.service, canary.service, logAgent.service);
  return {
    slug: "observability",
    title: "Observability",
    rows: [
      {
        title: "Targets",
        panels: [
          stat("Targets down", "short", promql(`sum(up${all} == bool 0)`), { threshold: { critical: "> 0" }, alert: "ServiceDown" }),
          stat("Targets", "short", promql(`count(up${all})`)),
          stat("Slowest scrape", "s", promql(`max(scrape_duration_seconds${all})`)),
          stat("Alerts firing", "short", promql(`count(ALERTS${matching(system, 'alertstate="firing"', 'alertname!="Watchdog"')}) or vector(0)`), {
            threshold: { warning: "> 0" },
          }),
          stateTimeline("Targets", upOrDown, promql(`min by (service) (up${all})`, "{{service}}"), { width: 24, height: 16, alert: "ExporterDown" }),
        ],
      },
      ...part(
        "Prometheus",
        [prometheus.service],
        [
          timeseries("Series", "short", promql(`max(prometheus_tsdb_head_series${all})`, "in memory")),
          timeseries("Samples", "ops", promql(`sum(rate(prometheus_tsdb_head_samples_appended_total${all}[$__rate_interval]))`, "written")),
          timeseries("Blocks on disk", "bytes", promql(`max(prometheus_tsdb_storage_blocks_bytes${all})`, "size")),
          timeseries("Rules and notifications that failed", "ops", [
            promql(`sum(rate(prometheus_rule_evaluation_failures_total${all}[$__rate_interval]))`, "rules"),
            promql(`sum(rate(prometheus_notifications_dropped_total${all}[$__rate_interval]))`, "notifications"),
          ]),
        ],
      ),
      ...part(
        "Alertmanager",
        [alertmanager.service],
        [
          timeseries("Alerts by state", "short", promql(`sum by (state) (alertmanager_alerts${all})`, "{{state}}")),
          timeseries("Notifications", "ops", [
            promql(rate("integration", "alertmanager_notifications_total", all), "sent by {{integration}}"),
            promql(rate("integration", "alertmanager_notifications_failed_total", all), "failed by {{integration}}"),
          ]),
        ],
      ),
      ...part(
        "Loki",
        [loki.service, canary.service],
        [
          stat("Log lag", "s", promql(`${latency("sum")} / ${latency("count")}`), { threshold: logLagSeconds, alert: "LogLagHigh", width: 12 }),
          stat("Lines lost in 15 minutes", "short", promql(`round(sum(increase(loki_canary_missing_entries_total${all}[15m])))`), {
            threshold: { warning: "> 0" },
            alert: "LogLinesMissing",
            width: 12,
          }),
          timeseries("Log lag", "s", promql(`${latency("sum")} / ${latency("count")}`, "from written to readable"), {
            threshold: logLagSeconds,
            alert: "LogLagHigh",
          }),
          timeseries("Lines received", "ops", promql(`sum(rate(loki_distributor_lines_received_total${all}[$__rate_interval]))`, "lines")),
          timeseries("Bytes received", "Bps", promql(`sum(rate(loki_distributor_bytes_received_total${all}[$__rate_interval]))`, "bytes")),
          timeseries("Time to answer, 95th percentile", "s", promql(quantile(0.95, "route", "loki_request_duration_seconds", all), "{{route}}")),
        ],
      ),
      ...(system.scheduler
        ? part(
            "Scheduled jobs",
            [system.scheduler.service],
            [
              timeseries(
                "Runs in a day",
                "short",
                promql(`sum by (command) (increase(supercronic_executions${all}[1d]))`, "{{command}}", { sparse: true }),
              ),
              timeseries(
                "Failed runs in a day",
                "short",
                promql(`sum by (command) (increase(supercronic_failed_executions${all}[1d]))`, "{{command}}", { sparse: true }),
              ),
            ],
          )
        : []),
      { title: "Logs", panels: [logs(system, watched)] },
    ],
  };
};
