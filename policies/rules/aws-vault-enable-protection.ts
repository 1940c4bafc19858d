import { reporter } from "../report";
import type { ResourceRule } from "../rule";

export const rule: ResourceRule = {
  name: "aws-vault-enable-protection",
  displayName: "A protected vault",
  description: "Every bucket, key, lock, policy and role of AWS is protected: without one of them the whole is open, or nobody can read it.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps: "Set the resource options protect and retainOnDelete on every part of the vault.",
  tags: ["data", "backup"],
  validateResource: (args, report) => {
    if (!/^aws:(s3|kms|iam)\//.test(args.type)) args.notApplicable("judges buckets, keys and roles only");
    if (!args.opts.protect) {
      reporter(
        args.type.split(":").at(-1)!,
        args.name,
        report,
      )("it is not protected, and a destroy would delete it", "Set protect and retainOnDelete in its resource options");
    }
  },
};
