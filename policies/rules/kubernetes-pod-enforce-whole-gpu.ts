import { books } from "../books";
import { containersOf, onPods } from "../kubernetes";
import type { ResourceRule } from "../rule";

const GPU = "nvidia.com/gpu";
const ORDINARY = ["cpu", "memory", "ephemeral-storage"];

export const rule: ResourceRule = {
  name: "kubernetes-pod-enforce-whole-gpu",
  displayName: "Whole GPUs",
  description:
    "A service with a GPU asks for whole devices, as limit and request alike, and runs only where they are; slices in time or of a process are never shared between training and what answers trades.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps: "Ask for nvidia.com/gpu as limit and request, and give the pod the toleration and the node affinity of GPU nodes.",
  tags: ["runbook", "resources"],
  validateResource: onPods(({ name, spec, violation }) => {
    const asked = containersOf(spec).flatMap(({ container }) => {
      const { limits = {}, requests = {} } = container.resources ?? {};
      return [...new Set([...Object.keys(limits), ...Object.keys(requests)])]
        .filter(resource => !ORDINARY.includes(resource))
        .map(resource => ({ container: container.name, resource, limit: limits[resource], request: requests[resource] }));
    });
    for (const { container, resource, limit, request } of asked) {
      if (resource !== GPU) violation(`container ${container}: it asks for ${resource}, whole devices (${GPU}) alone are allowed`, `Ask for ${GPU}`);
      else if (limit !== request)
        violation(
          `container ${container}: it requests ${request ?? "no"} GPU and its limit is ${limit ?? "not set"}, they must be alike`,
          "Set both",
        );
    }
    const onGpuNodes =
      asked.length > 0 || books.some(({ perNode, rows }) => perNode?.includes(name) && rows.some(row => row.service === name && row.gpu > 0));
    if (!onGpuNodes) return;
    if (!(spec.tolerations ?? []).some(({ key, operator, effect }) => key === GPU && operator === "Exists" && effect === "NoSchedule")) {
      violation(`it tolerates no taint ${GPU}, and GPU nodes refuse it`, "Give it the toleration");
    }
    const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
    if (!JSON.stringify(terms).includes('"operator":"In"')) violation("no node affinity takes it to GPU nodes", "Require the labels of GPU nodes");
  }),
};
