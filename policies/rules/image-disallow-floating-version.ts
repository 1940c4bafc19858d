import { CONTAINER, IMAGE } from "../docker";
import { UNNAMED, imagesOf } from "../images";
import { templateOf } from "../kubernetes";
import { floating } from "../parsers/image-reference";
import { reporter } from "../report";
import type { ResourceRule } from "../rule";

export const rule: ResourceRule = {
  name: "image-disallow-floating-version",
  displayName: "Pinned images",
  description:
    "Every image is named by a digest or by a tag with an exact version of three numbers; latest, no tag, or a tag such as 17 or pg17 moves under the stack.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps: "Name the exact version or the digest in the image lock file.",
  tags: ["supply-chain"],
  validateResource: (args, report) => {
    if (args.type !== CONTAINER && args.type !== IMAGE && !templateOf(args)) args.notApplicable("it names no image");
    for (const [kind, name, image] of imagesOf(args)) {
      if (image === UNNAMED) reporter(kind, name, report)("it names no image", "Name one with a tag of an exact version such as 8.0.4, or a digest");
      const fault = image ? floating(image) : undefined;
      if (fault) reporter(kind, name, report)(`"${image}" ${fault}`, "Use a tag with an exact version such as 8.0.4, or a digest");
    }
  },
};
