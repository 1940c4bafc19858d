import { present, type PageOf } from "../page";
import { stat, timeseries } from "../panel";
import { matching, promql } from "../query";

/** The machine under the containers. */
export const host: PageOf = system => {
  if (present(system, system.observability.exporters.node).length === 0) return undefined;
  const all = matching(system);
  const { diskUsed, diskFullHours } = system.alerting.thresholds;
  const used = `max by (device) ((node_filesystem_size_bytes${all} - node_filesystem_free_bytes${all}) / (node_filesystem_size_bytes${all} - node_filesystem_free_bytes${all} + node_filesystem_avail_bytes${all}))`;
  const memory = `1 - max(node_memory_MemAvailable_bytes${all}) / max(node_memory_MemTotal_bytes${all})`;
  const cpu = `1 - avg(rate(node_cpu_seconds_total${matching(system, 'mode="idle"')}[$__rate_interval]))`;
  return {
    slug: "host",
    title: "Host",
    rows: [
      {
        title: "Now",
        panels: [
          stat("CPU", "percentunit", promql(cpu)),
          stat("Memory", "percentunit", promql(memory)),
          stat("Fullest disk", "percentunit", promql(`max(${used})`), { threshold: diskUsed, alert: "DiskSpaceLow" }),
          stat("Up since", "s", promql(`time() - max(node_boot_time_seconds${all})`)),
        ],
      },
      {
        title: "Over time",
        panels: [
          timeseries(
            "CPU by mode",
            "percentunit",
            promql(`avg by (mode) (rate(node_cpu_seconds_total${matching(system, 'mode!="idle"')}[$__rate_interval]))`, "{{mode}}"),
          ),
          timeseries("Load, one minute", "short", [
            promql(`max(node_load1${all})`, "load"),
            promql(`count(node_cpu_seconds_total${matching(system, 'mode="idle"')})`, "cores"),
          ]),
          timeseries("Memory", "bytes", [
            promql(`max(node_memory_MemTotal_bytes${all}) - max(node_memory_MemAvailable_bytes${all})`, "in use"),
            promql(`max(node_memory_MemTotal_bytes${all})`, "there is"),
          ]),
          timeseries("Disk used", "percentunit", promql(used, "{{device}}"), { threshold: diskUsed, alert: "DiskSpaceLow" }),
          timeseries(
            "Hours until a disk is full, by the last hour's trend",
            "h",
            promql(`min by (device) (node_filesystem_avail_bytes${all} / (-deriv(node_filesystem_avail_bytes${all}[1h]) > 0)) / 3600`, "{{device}}", {
              sparse: true,
            }),
            { threshold: diskFullHours, alert: "DiskFullSoon" },
          ),
          timeseries(
            "Disks busy",
            "percentunit",
            promql(`max by (device) (rate(node_disk_io_time_seconds_total${all}[$__rate_interval]))`, "{{device}}"),
          ),
        ],
      },
    ],
  };
};
