import { mountsOf, onContainers } from "../docker";
import { excepted } from "../exceptions";
import type { ResourceRule } from "../rule";

const name = "docker-container-disallow-host-path";

export const rule: ResourceRule = {
  name,
  displayName: "No host paths",
  description: "A container keeps its data in named volumes; a path of the host stands in the exception table and is mounted read-only.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Use a named volume; a host agent that must read a path of the host gets a row in the pack's exception table and a read-only mount.",
  tags: ["hardening"],
  validateResource: onContainers(({ name: container, props, violation }) => {
    for (const { source, target, readOnly } of mountsOf(props).filter(mount => mount.kind === "host")) {
      // While a preview does not know the path, only its mode can be judged.
      if (source !== undefined && !excepted(name, container, source)) {
        violation(
          `host path ${source} is mounted at ${target}, and the exception table does not have it`,
          "Use a named volume, or add an exception with its reason",
        );
      }
      if (!readOnly) {
        violation(`the host path mounted at ${target} is writable, read-only is required`, "Set readOnly on the mount");
      }
    }
  }),
};
