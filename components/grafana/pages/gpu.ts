import { present, type PageOf } from "../page";
import { stat, timeseries } from "../panel";
import { matching, promql } from "../query";

/** Memory, load, heat and faults of every GPU; only where the stack has one. */
export const gpu: PageOf = system => {
  if (present(system, system.observability.exporters.gpu).length === 0) return undefined;
  const all = matching(system);
  const { gpuMemory } = system.alerting.thresholds;
  const used = `DCGM_FI_DEV_FB_USED${all} / (DCGM_FI_DEV_FB_USED${all} + DCGM_FI_DEV_FB_FREE${all})`;
  const byGpu = (title: string, unit: string, metric: string) => timeseries(title, unit, promql(`max by (gpu) (${metric}${all})`, "GPU {{gpu}}"));
  return {
    slug: "gpu",
    title: "GPU",
    rows: [
      {
        title: "Now",
        panels: [
          stat("GPUs", "short", promql(`count(DCGM_FI_DEV_GPU_UTIL${all})`), { width: 8 }),
          stat("Fullest memory", "percentunit", promql(`max(${used})`), { threshold: gpuMemory, alert: "GpuMemoryHigh", width: 8 }),
          stat("Last XID error", "short", promql(`max(DCGM_FI_DEV_XID_ERRORS${all})`), {
            threshold: { warning: "> 0" },
            width: 8,
            description: "Number of the driver's last fault; 0 is none.",
          }),
        ],
      },
      {
        title: "Over time",
        panels: [
          timeseries("Memory used", "percentunit", promql(`max by (gpu) (${used})`, "GPU {{gpu}}"), { threshold: gpuMemory, alert: "GpuMemoryHigh" }),
          byGpu("Load", "percent", "DCGM_FI_DEV_GPU_UTIL"),
          byGpu("Temperature", "celsius", "DCGM_FI_DEV_GPU_TEMP"),
          byGpu("Power", "watt", "DCGM_FI_DEV_POWER_USAGE"),
        ],
      },
    ],
  };
};
