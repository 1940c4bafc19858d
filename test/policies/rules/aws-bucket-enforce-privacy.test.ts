import { rule } from "../../../policies/rules/aws-bucket-enforce-privacy";
import { bucket, policyWith } from "../buckets";
import { UNKNOWN, container, judgeStack, resource } from "../support";
import { CONTAINER } from "../../../policies/docker";

describe(rule.name, () => {
  it("accepts a private bucket", () => {
    expect(judgeStack(rule, bucket())).toEqual({ violations: [] });
  });

  it("accepts access logs in a bucket that a preview does not know yet", () => {
    expect(judgeStack(rule, bucket({ BucketLogging: { targetBucket: UNKNOWN } }))).toEqual({ violations: [] });
  });

  it.each<[string, Record<string, object | undefined>, string]>([
    ["no public access block", { BucketPublicAccessBlock: undefined }, "public access is not blocked"],
    [
      "a block of three ways",
      { BucketPublicAccessBlock: { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true } },
      "public access is not blocked",
    ],
    ["access lists", { BucketOwnershipControls: { rule: { objectOwnership: "ObjectWriter" } } }, "access lists could name strangers"],
    ["no versions", { BucketVersioning: { versioningConfiguration: { status: "Suspended" } } }, "it is not versioned"],
    [
      "S3's own key",
      { BucketServerSideEncryptionConfiguration: { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] } },
      "its encryption is AES256",
    ],
    ["plain transport", { BucketPolicy: { policy: JSON.stringify({ Statement: [] }) } }, "its policy does not refuse what is not said over TLS"],
    [
      "a policy for everybody",
      { BucketPolicy: policyWith({ Sid: "Open", Effect: "Allow", Principal: "*", Action: "s3:GetObject" }) },
      "statement Open of its policy allows anybody",
    ],
    ["no access logs", { BucketLogging: undefined }, "nobody records who asked it for what"],
  ])("reports %s", (_title, change, message) => {
    expect(judgeStack(rule, bucket(change)).violations).toEqual([expect.stringContaining(message)]);
  });

  it("demands as much of another stack's bucket, which ends in that stack's name", () => {
    const unlogged = (name: string, stack: string) => judgeStack(rule, bucket({ BucketLogging: undefined }, { name, stack })).violations;
    expect(unlogged("ultrathink-backups-staging", "staging")).toEqual([expect.stringContaining("nobody records who asked it for what")]);
    expect(unlogged("ultrathink-backups-staging", "prod")).toEqual([]);
  });

  it("does not apply to a stack without buckets", () => {
    expect(judgeStack(rule, [resource(CONTAINER, container())])).toEqual({ violations: [], notApplicable: expect.any(String) });
  });
});
