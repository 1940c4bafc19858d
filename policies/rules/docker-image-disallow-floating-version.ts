import { CONTAINER, IMAGE, containerName, reporter } from "../docker";
import { floating } from "../parsers/image-reference";
import { known, type ResourceRule } from "../rule";

export const rule: ResourceRule = {
  name: "docker-image-disallow-floating-version",
  displayName: "Pinned images",
  description:
    "Every image is named by a digest or by a tag with an exact version of three numbers; latest, no tag, or a tag such as 17 or pg17 moves under the stack.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps: "Name the exact version or the digest in the image lock file.",
  tags: ["supply-chain"],
  validateResource: (args, report) => {
    const property = { [IMAGE]: "name", [CONTAINER]: "image" }[args.type];
    if (property === undefined) args.notApplicable(`judges ${IMAGE} and ${CONTAINER} only`);
    // A container's image is the id of an image resource, which a preview does not know yet; that resource's name is judged instead.
    const reference = known<string | undefined>(() => args.props[property!]);
    const fault = reference === undefined ? undefined : floating(reference);
    if (fault) {
      const [kind, name] = args.type === CONTAINER ? ["container", containerName(args)] : ["image", args.name];
      reporter(kind!, name!, report)(`"${reference}" ${fault}`, "Use a tag with an exact version such as 8.0.4, or a digest");
    }
  },
};
