import type Docker from "dockerode";

export interface Use {
  /** Cores. */
  cpu: number;
  /** Bytes without the page cache that can be given back. */
  memory: number;
}

/** CPU between the two samples that Docker took, and memory as `docker stats` counts it. */
export function useOf(stats: Docker.ContainerStats): Use {
  const { cpu_stats: now, precpu_stats: before, memory_stats: memory } = stats;
  const spent = now.cpu_usage.total_usage - before.cpu_usage.total_usage;
  const passed = now.system_cpu_usage - (before.system_cpu_usage ?? 0);
  // cgroup v1 names the reclaimable page cache total_inactive_file, v2 inactive_file.
  const detail = memory.stats as Record<string, number> | undefined;
  const cache = detail?.total_inactive_file ?? detail?.inactive_file ?? 0;
  return { cpu: passed > 0 ? (spent / passed) * now.online_cpus : 0, memory: Math.max(0, (memory.usage ?? 0) - cache) };
}

/** Bytes in the unit that the declaration uses. */
export function size(bytes: number): string {
  const mebibytes = bytes / 1024 ** 2;
  return mebibytes >= 1024 ? `${Math.round((mebibytes / 1024) * 100) / 100}G` : `${Math.round(mebibytes)}M`;
}
