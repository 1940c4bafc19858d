import { KEY } from "../../../policies/aws";
import { rule } from "../../../policies/rules/aws-key-configure-rotation";
import { describeObjectRule } from "../support";

describeObjectRule(rule, {
  type: KEY,
  accepts: { "a key that is rotated": { enableKeyRotation: true, deletionWindowInDays: 30 } },
  reports: {
    "one that is not": [{ deletionWindowInDays: 30 }, "it is not rotated"],
    "one that is gone in a week": [{ enableKeyRotation: true, deletionWindowInDays: 7 }, "it is gone 7 days after its deletion"],
  },
});
