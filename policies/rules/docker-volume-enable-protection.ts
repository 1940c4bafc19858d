import { VOLUME, reporter } from "../docker";
import { known, type ResourceRule } from "../rule";

export const rule: ResourceRule = {
  name: "docker-volume-enable-protection",
  displayName: "Protected volumes",
  description: "Every volume is protected, so that no update or destroy deletes its data.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps: "Set the resource options protect and retainOnDelete on the volume.",
  tags: ["data"],
  validateResource: (args, report) => {
    if (args.type !== VOLUME) args.notApplicable(`judges ${VOLUME} only`);
    if (!args.opts.protect) {
      reporter(
        "volume",
        known(() => args.props.name) ?? args.name,
        report,
      )("it is not protected, and a destroy would delete its data", "Set protect and retainOnDelete in its resource options");
    }
  },
};
