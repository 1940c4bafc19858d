import { books } from "../books";
import { VOLUME } from "../docker";
import { reporter } from "../report";
import { known, type ResourceRule } from "../rule";

export const rule: ResourceRule = {
  name: "docker-volume-enable-protection",
  displayName: "Protected volumes",
  description: "Every volume is protected, so that no update or destroy deletes its data, save those that the book lists as scratch.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Set the resource options protect and retainOnDelete on the volume; where nothing in it is worth keeping, list it among the book's scratch volumes.",
  tags: ["data"],
  validateResource: (args, report) => {
    if (args.type !== VOLUME) args.notApplicable(`judges ${VOLUME} only`);
    const name = known<string | undefined>(() => args.props.name) ?? args.name;
    if (!args.opts.protect && !books.some(({ scratchVolumes }) => scratchVolumes.includes(name))) {
      reporter(
        "volume",
        name,
        report,
      )("it is not protected, and a destroy would delete its data", "Set protect and retainOnDelete in its resource options");
    }
  },
};
