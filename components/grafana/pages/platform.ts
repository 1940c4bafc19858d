import { logLines, stat, stateTimeline, timeseries, upOrDown } from "../panel";
import type { PageOf } from "../page";
import { alive, logql, matching, promql, quantile, rate } from "../query";

/** The whole platform at a glance: is it up, does it decide, what fires. */
export const platform: PageOf = system => {
  const all = matching(system);
  const { circuitBreakersOpen, consumerLag, diskUsed, memoryOfLimit } = system.alerting.thresholds;
  const firing = (severity: string) => promql(`count(ALERTS${matching(system, 'alertstate="firing"', `severity="${severity}"`)}) or vector(0)`);
  const workloads = Object.keys(system.workloads);
  return {
    slug: "platform",
    title: "Platform",
    rows: [
      {
        title: "Now",
        panels: [
          stat("Services down", "short", promql(`sum(${alive(system)} == bool 0)`), {
            alert: "ServiceDown",
            threshold: { critical: "> 0" },
          }),
          stat("Critical alerts", "short", firing("critical"), { threshold: { critical: "> 0" } }),
          stat("Warnings", "short", firing("warning"), { threshold: { warning: "> 0" } }),
          ...(workloads.length > 0
            ? [
                stat("Circuit breakers open", "short", promql(`count(circuit_breaker_state${all} == 2) or vector(0)`), {
                  threshold: circuitBreakersOpen,
                  alert: "CircuitBreakerOpen",
                }),
              ]
            : []),
        ],
      },
      {
        title: "Services",
        panels: [
          stateTimeline("Up", upOrDown, promql(`min by (service) ${alive(system)}`, "{{service}}"), { height: 16 }),
          timeseries(
            "Memory of limit",
            "percentunit",
            promql(`max by (service) (container_memory_rss${all} / (container_spec_memory_limit_bytes${all} > 0))`, "{{service}}"),
            {
              threshold: memoryOfLimit,
              alert: "MemoryHigh",
            },
          ),
          timeseries(
            "Disk used",
            "percentunit",
            promql(
              `max by (device) ((node_filesystem_size_bytes${all} - node_filesystem_free_bytes${all}) / (node_filesystem_size_bytes${all} - node_filesystem_free_bytes${all} + node_filesystem_avail_bytes${all}))`,
              "{{device}}",
            ),
            { threshold: diskUsed, alert: "DiskSpaceLow" },
          ),
        ],
      },
      ...(workloads.length > 0
        ? [
            {
              title: "Flow",
              panels: [
                timeseries("Decisions", "ops", promql(rate("action", "decisions_total", all), "{{action}}")),
                timeseries(
                  "Time to decide, 95th percentile",
                  "s",
                  promql(quantile(0.95, "service", "decision_duration_seconds", all), "{{service}}"),
                ),
                timeseries("Requests that failed", "percentunit", [
                  promql(
                    `sum by (service) (rate(http_requests_total${matching(system, 'status=~"5.."')}[$__rate_interval])) / sum by (service) (rate(http_requests_total${all}[$__rate_interval]))`,
                    "{{service}}",
                    { sparse: true },
                  ),
                ]),
                ...(system.kafka
                  ? [
                      timeseries(
                        "Consumer lag",
                        "short",
                        promql(`sum by (consumergroup) (clamp_min(kafka_consumergroup_lag${all}, 0))`, "{{consumergroup}}"),
                        {
                          threshold: consumerLag,
                          alert: "ConsumerLagHigh",
                        },
                      ),
                    ]
                  : []),
              ],
            },
          ]
        : []),
      {
        title: "Errors",
        panels: [logLines("Errors", logql(matching(system, 'level=~"error|critical"'), { sparse: true }))],
      },
    ],
  };
};
