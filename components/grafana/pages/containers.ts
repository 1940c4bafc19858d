import { present, type PageOf } from "../page";
import { stat, timeseries } from "../panel";
import { matching, promql } from "../query";

/** CPU and memory of every container against its limit, restarts and kills. */
export const containers: PageOf = system => {
  const { cadvisor } = system.observability.exporters;
  if (cadvisor && present(system, cadvisor).length === 0) return undefined;
  const all = matching(system, 'service!=""');
  const { cpuOfLimit, memoryOfLimit, restarts } = system.alerting.thresholds;
  return {
    slug: "containers",
    title: "Containers",
    rows: [
      {
        title: "All",
        panels: [
          stat("Containers", "short", promql(`count(container_spec_memory_limit_bytes${all})`)),
          stat("CPU in use", "short", promql(`sum(rate(container_cpu_usage_seconds_total${all}[$__rate_interval]))`), { description: "Cores." }),
          stat("Memory in use", "bytes", promql(`sum(container_memory_rss${all})`)),
          stat("Killed for memory in a day", "short", promql(`round(sum(increase(container_oom_events_total${all}[1d])))`), {
            threshold: { warning: "> 0" },
          }),
        ],
      },
      {
        title: "By service",
        panels: [
          timeseries(
            "CPU of limit",
            "percentunit",
            promql(
              `sum by (service) (rate(container_cpu_usage_seconds_total${all}[$__rate_interval])) / sum by (service) (container_spec_cpu_quota${all} / container_spec_cpu_period${all})`,
              "{{service}}",
            ),
            { threshold: cpuOfLimit, alert: "CpuHigh", width: 24, height: 12 },
          ),
          timeseries(
            "Memory of limit",
            "percentunit",
            promql(`max by (service) (container_memory_rss${all} / (container_spec_memory_limit_bytes${all} > 0))`, "{{service}}"),
            {
              threshold: memoryOfLimit,
              alert: "MemoryHigh",
              description: "Resident memory; page cache is not counted.",
              width: 24,
              height: 12,
            },
          ),
          timeseries("Memory", "bytes", promql(`max by (service) (container_memory_rss${all})`, "{{service}}")),
          timeseries(
            "Restarts in 15 minutes",
            "short",
            promql(`max by (service) (resets(container_cpu_usage_seconds_total${all}[15m]))`, "{{service}}"),
            {
              threshold: restarts,
              alert: "ServiceRestarting",
            },
          ),
        ],
      },
    ],
  };
};
