import { DESTRUCTIVE, ROLE, ROLE_POLICY, allowed, isAnybody, statements } from "../aws";
import { reporter } from "../report";
import type { ResourceRule } from "../rule";

export const rule: ResourceRule = {
  name: "aws-role-disallow-destruction",
  displayName: "Roles that destroy nothing",
  description:
    "A role's policy names actions and resources, none with which a version can be deleted, a lock shortened or a bucket changed; a role is taken by one named service account, with a token made for AWS.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps: "Allow named actions on named resources, and let the trust policy compare sub and aud with StringEquals.",
  tags: ["backup", "security"],
  validateResource: (args, report) => {
    if (args.type !== ROLE && args.type !== ROLE_POLICY) args.notApplicable("judges roles and their policies only");
    const violation = reporter(args.type === ROLE ? "role" : "role policy", args.name, report);
    for (const statement of statements(args.props[args.type === ROLE ? "assumeRolePolicy" : "policy"]) ?? []) {
      const { Sid = "without a name", Effect, Principal, Resource, Condition } = statement;
      if (Effect !== "Allow") continue;
      if (args.type === ROLE) {
        const compared = Object.entries(Condition?.["StringEquals"] ?? {});
        const has = (ending: string) => compared.some(([key, value]) => key.endsWith(ending) && typeof value === "string" && !value.includes("*"));
        if (isAnybody(Principal)) violation(`statement ${Sid} lets anybody take it`, "Name the identity provider");
        if (!has(":sub") || !has(":aud"))
          violation(`statement ${Sid} does not say for which service account and audience`, "Compare sub and aud with StringEquals");
        continue;
      }
      const bad = allowed(statement).filter(action => DESTRUCTIVE.test(action));
      if (bad.length > 0) violation(`statement ${Sid} allows ${bad.join(", ")}, with which a backup can be destroyed`, "Remove it");
      if ([Resource ?? "*"].flat().some(resource => /^(\*|arn:aws:s3:::\*)/.test(resource)))
        violation(`statement ${Sid} reaches every bucket`, "Name the buckets");
    }
  },
};
