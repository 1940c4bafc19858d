import { present, type PageOf } from "../page";
import { logs, stat, table, timeseries } from "../panel";
import { matching, ofServices, promql, quantile, rate, sql } from "../query";

/** Services that answer requests, and the way of a decision: made, checked, stored. */
export const workloads: PageOf = system => {
  const services = present(
    system,
    ...Object.entries(system.workloads)
      .filter(([, { kind }]) => kind === "http")
      .map(([name]) => name),
  );
  if (services.length === 0) return undefined;
  const all = matching(system, ofServices(services));
  const failed = matching(system, ofServices(services), 'status=~"5.."');
  return {
    slug: "workloads",
    title: "Workloads, inference and decisions",
    rows: [
      {
        title: "Decisions",
        panels: [
          stat("Decisions", "ops", promql(`sum(rate(decisions_total${all}[$__rate_interval]))`)),
          stat("Stored", "ops", promql(`sum(rate(decisions_stored_total${all}[$__rate_interval]))`)),
          stat("Made without a dependency", "ops", promql(`sum(rate(decisions_degraded_total${all}[$__rate_interval])) or vector(0)`), {
            threshold: { warning: "> 0" },
          }),
          stat(
            "Refused by the risk manager",
            "ops",
            promql(`sum(rate(risk_checks_total${matching(system, ofServices(services), 'approved="false"')}[$__rate_interval])) or vector(0)`),
          ),
          timeseries(
            "Decisions by action",
            "ops",
            promql(rate("action, risk_approved", "decisions_total", all), "{{action}}, approved {{risk_approved}}"),
          ),
          timeseries("Time to decide, and until stored, 95th percentile", "s", [
            promql(quantile(0.95, "service", "decision_duration_seconds", all), "decided"),
            promql(quantile(0.95, "service", "decision_latency_seconds", all), "stored"),
          ]),
          timeseries("Exposure", "currencyUSD", promql(`max by (symbol) (risk_exposure_usd${all})`, "{{symbol}}")),
          timeseries("Changes of regime", "ops", promql(rate("regime", "regime_changes_total", all), "{{regime}}", { sparse: true })),
          table(
            "Newest decisions",
            sql(
              'SELECT "timestamp", symbol, action, quantity, price, confidence, regime, strategy, model_version, risk_approved FROM trading_decisions WHERE $__timeFilter("timestamp") ORDER BY "timestamp" DESC LIMIT 50',
            ),
            { width: 24 },
          ),
        ],
      },
      {
        title: "Requests",
        panels: [
          timeseries("Requests", "reqps", promql(rate("service", "http_requests_total", all), "{{service}}")),
          timeseries("Requests that failed", "reqps", promql(rate("service", "http_requests_total", failed), "{{service}}", { sparse: true })),
          timeseries("Time to answer, 95th percentile", "s", promql(quantile(0.95, "service", "http_request_duration_seconds", all), "{{service}}")),
          timeseries(
            "Reads that the cache answers",
            "percentunit",
            promql(
              `sum by (cache) (rate(cache_hits_total${all}[$__rate_interval])) / (sum by (cache) (rate(cache_hits_total${all}[$__rate_interval])) + sum by (cache) (rate(cache_misses_total${all}[$__rate_interval])))`,
              "{{cache}}",
            ),
          ),
        ],
      },
      {
        title: "Data",
        panels: [
          timeseries("Age of the newest data", "s", promql(`max by (service, source) (data_freshness_seconds${all})`, "{{source}} in {{service}}")),
          timeseries("Messages written", "ops", promql(rate("topic", "kafka_messages_produced_total", all), "{{topic}}")),
          timeseries("Messages read", "ops", promql(rate("topic", "kafka_messages_consumed_total", all), "{{topic}}")),
          timeseries("Messages refused or unreadable", "ops", [
            promql(rate("topic", "kafka_produce_errors_total", all), "not written to {{topic}}", { sparse: true }),
            promql(rate("topic", "kafka_messages_invalid_total", all), "unreadable in {{topic}}", { sparse: true }),
          ]),
        ],
      },
      { title: "Logs", panels: [logs(system, services)] },
    ],
  };
};
