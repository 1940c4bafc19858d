import type * as k8s from "@pulumi/kubernetes";
import type { GpuRequest } from "../../../systems/declaration";

/** Resource that NVIDIA's device plugin offers for each way of sharing: whole devices, slices of one, or a MIG partition. */
function resourceName(gpu: GpuRequest): string {
  switch (gpu.sharing) {
    case "exclusive":
      return "nvidia.com/gpu";
    case "mig":
      return `nvidia.com/mig-${gpu.profile}`;
    default:
      return "nvidia.com/gpu.shared";
  }
}

/** A GPU is asked for as request and limit alike: Kubernetes shares none out beyond what is there. */
export const gpuResources = (gpu: GpuRequest | undefined): Record<string, string> => (gpu ? { [resourceName(gpu)]: String(gpu.count) } : {});

/** GPU nodes are tainted, so that nothing else takes their room. */
export const gpuToleration: k8s.types.input.core.v1.Toleration = { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" };

/** Only nodes with these labels. */
export function gpuAffinity(selector: Record<string, string>): k8s.types.input.core.v1.NodeAffinity {
  const matchExpressions = Object.entries(selector).map(([key, value]) => ({ key, operator: "In", values: [value] }));
  return { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } };
}
