import { oneOf, thresholdRules, type Family } from "./rule";

/** Disk, memory, CPU and GPU memory (runbook: Alerting Thresholds). */
export const resources: Family = system => {
  const { diskUsed, diskFullHours, memoryOfLimit, cpuOfLimit, gpuMemory } = system.alerting.thresholds;
  // A full cache is what a cache is for: Redis is measured against its own maxmemory.
  const notRedis = Object.keys(system.redis).length > 0 ? `{service!~"${oneOf(Object.keys(system.redis))}"}` : "";
  return [
    // As df counts it: blocks that are kept for root are neither used nor available.
    ...thresholdRules(system, diskUsed, {
      name: "DiskSpaceLow",
      expr: comparison =>
        "max by (system, service, device) ((node_filesystem_size_bytes - node_filesystem_free_bytes)" +
        ` / (node_filesystem_size_bytes - node_filesystem_free_bytes + node_filesystem_avail_bytes)) ${comparison}`,
      summary: "Disk {{ $labels.device }} is {{ $value | humanizePercentage }} full",
      description: "The file system on {{ $labels.device }} has {{ $value | humanizePercentage }} of its space in use.",
    }),
    ...thresholdRules(system, diskFullHours, {
      name: "DiskFullSoon",
      expr: comparison =>
        "min by (system, service, device) (node_filesystem_avail_bytes / (-deriv(node_filesystem_avail_bytes[1h]) > 0)) / 3600" + ` ${comparison}`,
      summary: "Disk {{ $labels.device }} is full in {{ $value | humanize }} hours",
      description: "By the trend of the last hour the file system on {{ $labels.device }} has no space left in {{ $value | humanize }} hours.",
    }),
    ...thresholdRules(system, memoryOfLimit, {
      name: "MemoryHigh",
      expr: comparison =>
        `max by (system, service) (container_memory_rss${notRedis} / (container_spec_memory_limit_bytes${notRedis} > 0)) ${comparison}`,
      summary: "{{ $labels.service }} uses {{ $value | humanizePercentage }} of its memory limit",
      description:
        "Resident memory of {{ $labels.service }}, without page cache, is {{ $value | humanizePercentage }} of its limit; at the limit the kernel kills it.",
    }),
    ...thresholdRules(system, cpuOfLimit, {
      name: "CpuHigh",
      expr: comparison =>
        "sum by (system, service) (rate(container_cpu_usage_seconds_total[5m]))" +
        ` / sum by (system, service) (container_spec_cpu_quota / container_spec_cpu_period) ${comparison}`,
      summary: "{{ $labels.service }} uses {{ $value | humanizePercentage }} of its CPU limit",
      description:
        "{{ $labels.service }} has used {{ $value | humanizePercentage }} of its CPU limit over five minutes and is throttled near the limit.",
    }),
    ...(system.observability.exporters.gpu
      ? thresholdRules(system, gpuMemory, {
          name: "GpuMemoryHigh",
          expr: comparison => `max by (system, service, gpu) (DCGM_FI_DEV_FB_USED / (DCGM_FI_DEV_FB_USED + DCGM_FI_DEV_FB_FREE)) ${comparison}`,
          summary: "Memory of GPU {{ $labels.gpu }} is {{ $value | humanizePercentage }} full",
          description: "GPU {{ $labels.gpu }} has {{ $value | humanizePercentage }} of its memory in use; the next allocation may fail.",
        })
      : []),
  ];
};
