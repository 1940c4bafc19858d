import { ROLE, ROLE_POLICY } from "../../../policies/aws";
import { rule } from "../../../policies/rules/aws-role-disallow-destruction";
import { describeObjectRule, judge } from "../support";

const policy = (statement: object) => ({
  policy: JSON.stringify({
    Statement: [{ Sid: "S", Effect: "Allow", Action: ["s3:GetObject"], Resource: "arn:aws:s3:::ultrathink-backups/*", ...statement }],
  }),
});

describeObjectRule(rule, {
  type: ROLE_POLICY,
  accepts: { "named actions on a named bucket": policy({}), "a denial": policy({ Effect: "Deny", Action: "s3:*", Resource: "*" }) },
  reports: {
    "the deletion of a version": [policy({ Action: "s3:DeleteObjectVersion" }), "statement S allows s3:DeleteObjectVersion"],
    "every action": [policy({ Action: "s3:*" }), "statement S allows s3:*"],
    "all but some": [policy({ Action: undefined, NotAction: ["s3:GetObject"] }), "statement S allows *"],
    "every bucket": [policy({ Resource: "*" }), "statement S reaches every bucket"],
  },
});

it.each<[string, object, string | undefined]>([
  ["accepts one service account", {}, undefined],
  ["reports anybody", { Principal: "*" }, "lets anybody take it"],
  ["reports every service account", { Condition: { StringEquals: { "issuer:aud": "sts.amazonaws.com" } } }, "does not say for which service account"],
  [
    "reports a pattern",
    { Condition: { StringEquals: { "issuer:aud": "sts.amazonaws.com", "issuer:sub": "system:serviceaccount:*" } } },
    "does not say for which",
  ],
])("%s that may take a role", (_title, change, message) => {
  const trust = {
    Effect: "Allow",
    Principal: { Federated: "arn" },
    Condition: { StringEquals: { "issuer:aud": "sts.amazonaws.com", "issuer:sub": "system:serviceaccount:ultrathink:timescaledb" } },
    ...change,
  };
  const { violations } = judge(rule, { assumeRolePolicy: JSON.stringify({ Statement: [trust] }) }, { type: ROLE });
  expect(violations).toEqual(message ? [expect.stringContaining(message)] : []);
});
