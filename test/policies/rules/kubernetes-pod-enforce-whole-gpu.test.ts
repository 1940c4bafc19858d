import { DEPLOYMENT, type PodSpec } from "../../../policies/kubernetes";
import { rule } from "../../../policies/rules/kubernetes-pod-enforce-whole-gpu";
import { deployment, describeObjectRule, pod } from "../support";

function gpu(resource = "nvidia.com/gpu", spec: PodSpec = {}, request = "1"): object {
  const { requests, limits } = pod().resources!;
  return deployment({
    containers: [pod({ resources: { requests: { ...requests, [resource]: request }, limits: { ...limits, [resource]: "1" } } })],
    tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: "nvidia.com/gpu.present", operator: "In", values: ["true"] }] }],
        },
      },
    },
    ...spec,
  });
}

describeObjectRule(rule, {
  type: DEPLOYMENT,
  accepts: {
    "a service without a GPU": deployment(),
    "a whole GPU on a GPU node": gpu(),
  },
  reports: {
    "a slice in time": [gpu("nvidia.com/gpu.shared"), "it asks for nvidia.com/gpu.shared"],
    "a slice of a process": [gpu("nvidia.com/mps"), "it asks for nvidia.com/mps"],
    "a request without its limit": [gpu("nvidia.com/gpu", {}, "2"), "it requests 2 GPU and its limit is 1"],
    "no toleration": [gpu("nvidia.com/gpu", { tolerations: [] }), "it tolerates no taint nvidia.com/gpu"],
    "no affinity": [gpu("nvidia.com/gpu", { affinity: {} }), "no node affinity takes it to GPU nodes"],
  },
});
