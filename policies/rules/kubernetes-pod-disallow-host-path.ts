import { excepted } from "../exceptions";
import { containersOf, onPods } from "../kubernetes";
import type { ResourceRule } from "../rule";

const name = "kubernetes-pod-disallow-host-path";

export const rule: ResourceRule = {
  name,
  displayName: "No host paths",
  description: "A pod keeps its data in claims; a path of the host stands in the exception table and is mounted read-only.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps: "Use a claim; a host agent that must read a path of the host gets a row in the pack's exception table and read-only mounts.",
  tags: ["hardening"],
  validateResource: onPods(({ name: pod, spec, violation }) => {
    for (const volume of (spec.volumes ?? []).filter(({ hostPath }) => hostPath)) {
      const path = volume.hostPath!.path ?? "";
      if (!excepted(name, pod, path)) {
        violation(`host path ${path} is a volume, and the exception table does not have it`, "Use a claim, or add an exception with its reason");
      }
      for (const { container } of containersOf(spec)) {
        const writable = container.volumeMounts?.some(mount => mount.name === volume.name && mount.readOnly !== true);
        if (writable) violation(`container ${container.name}: host path ${path} is writable, read-only is required`, "Set readOnly on the mount");
      }
    }
  }),
};
