import { CONTAINER, VOLUME, containerName, mountsOf, ofType } from "../docker";
import { reporter } from "../report";
import { known, type StackRule } from "../rule";

export const rule: StackRule = {
  name: "docker-stack-disallow-undeclared-volume",
  displayName: "Declared volumes",
  description:
    "Every volume that a container mounts has a name and is a resource of the stack; Docker makes any other silently, and nothing protects it.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps: "Declare the volume in the system's volumes and mount that resource.",
  tags: ["data"],
  validateStack: (args, report) => {
    const containers = ofType(args, CONTAINER);
    if (containers.length === 0) args.notApplicable("nothing in this stack runs on Docker");
    const declared = ofType(args, VOLUME).map(volume => known<string | undefined>(() => volume.props.name));
    for (const container of containers) {
      for (const { source, target } of mountsOf(container.props).filter(mount => mount.kind === "volume")) {
        const violation = reporter("container", containerName(container), report, container.urn);
        if (source === "") {
          violation(`it mounts a volume without a name at ${target}, a declared volume is required`, "Declare a volume and mount it there");
        } else if (source !== undefined && !declared.includes(source)) {
          violation(`it mounts the volume ${source} at ${target}, which is no resource of this stack`, `Declare ${source}`);
        }
      }
    }
  },
};
