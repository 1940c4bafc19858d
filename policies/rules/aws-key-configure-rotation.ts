import { KEY } from "../aws";
import { reporter } from "../report";
import type { ResourceRule } from "../rule";

const DELETION_DAYS = 30;

export const rule: ResourceRule = {
  name: "aws-key-configure-rotation",
  displayName: "Keys are rotated, and can be called back",
  description: "A key is rotated each year, and one whose deletion somebody has asked for can be called back for 30 days, the most that AWS gives.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps: "Set enableKeyRotation to true and deletionWindowInDays to 30.",
  tags: ["backup", "security"],
  validateResource: (args, report) => {
    if (args.type !== KEY) args.notApplicable("judges keys only");
    const violation = reporter("key", args.name, report);
    if (args.props["enableKeyRotation"] !== true) violation("it is not rotated", "Set enableKeyRotation to true");
    const days = args.props["deletionWindowInDays"] as number | undefined;
    if (days !== DELETION_DAYS)
      violation(
        `it is gone ${days ?? "an unknown number of"} days after its deletion, ${DELETION_DAYS} are required`,
        `Set deletionWindowInDays to ${DELETION_DAYS}`,
      );
  },
};
