import { roleArn } from "../../../components/backup/aws";
import {
  bucketNames,
  bucketPolicy,
  documents,
  keyPolicy,
  logBucketPolicy,
  rolePolicy,
  trustPolicy,
  type Document,
} from "../../../vault/aws/documents";
import { evaluate, type Request } from "./evaluate";
import { place } from "./support";

const names = bucketNames(place);
const writer = roleArn(place.system, place, "writer");
const restore = roleArn(place.system, place, "restore");

/** What somebody may have attached to a role by mistake. */
const everything: Document = { Version: "2012-10-17", Statement: [{ Sid: "All", Effect: "Allow", Action: "*", Resource: "*" }] };

/** The actions that the calls of test/vault/probe.py need, by the name of the case there. */
function cases(bucket: string): Record<string, Omit<Request, "principal">[]> {
  const arn = `arn:aws:s3:::${bucket}`;
  const object = `${arn}/probe/one`;
  const on = (resource: string, ...actions: string[]) => actions.map(action => ({ action: `s3:${action}`, resource }));
  return {
    "writer reads": on(object, "GetObject"),
    "writer lists": on(arn, "ListBucket"),
    "writer reads an older version": on(object, "GetObjectVersion"),
    "writer deletes a version": on(object, "DeleteObjectVersion"),
    "writer deletes a version, bypassing the lock": on(object, "DeleteObjectVersion", "BypassGovernanceRetention"),
    "writer deletes versions": on(object, "DeleteObjectVersion", "BypassGovernanceRetention"),
    "writer shortens a lock": on(object, "PutObjectRetention", "BypassGovernanceRetention"),
    "writer adds with a lock of its own": on(object, "PutObject", "PutObjectRetention"),
    "writer lifts a hold": on(object, "PutObjectLegalHold"),
    "writer shortens the bucket's lock": on(arn, "PutBucketObjectLockConfiguration"),
    "writer stops versioning": on(arn, "PutBucketVersioning"),
    "writer changes the policy": on(arn, "PutBucketPolicy"),
    "writer deletes the policy": on(arn, "DeleteBucketPolicy"),
    "writer opens the bucket": on(arn, "PutBucketAcl"),
    "writer deletes the bucket": on(arn, "DeleteBucket"),
    "writer hides": on(object, "DeleteObject"),
    "writer deletes the marker": on(object, "DeleteObjectVersion"),
    "restore reads what was hidden": on(object, "GetObjectVersion"),
    "restore adds": on(object, "PutObject"),
    "restore hides": on(object, "DeleteObject"),
    "restore deletes a version": on(object, "DeleteObjectVersion"),
  };
}

const ALLOWED = ["writer reads", "writer lists", "writer hides", "restore reads what was hidden"];

/** A call is allowed when every action that it needs is. */
function outcome(name: string, requests: Omit<Request, "principal">[], bucket: string, attached: Document[] = []): string {
  const who = name.startsWith("writer") ? "writer" : "restore";
  const principal = roleArn(place.system, place, who);
  const policies = [rolePolicy(place, who), bucketPolicy(place, bucket), ...attached];
  return requests.every(request => evaluate(policies, { ...request, principal }) === "allowed") ? "allowed" : "AccessDenied";
}

const all = (["locked", "unlocked"] as const).flatMap(kind =>
  Object.entries(cases(names[kind])).map(([name, requests]) => ({ title: `${kind}: ${name}`, name, requests, bucket: names[kind] })),
);

describe("in AWS the identities may do what they may on Docker, case by case", () => {
  test.each(all)("$title", ({ name, requests, bucket }) => {
    expect(outcome(name, requests, bucket)).toBe(ALLOWED.includes(name) ? "allowed" : "AccessDenied");
  });

  test("writer makes a bucket", () => {
    const request = { principal: writer, action: "s3:CreateBucket", resource: "arn:aws:s3:::a-bucket-of-its-own" };
    expect(evaluate([rolePolicy(place, "writer")], request)).toBe("AccessDenied");
  });

  test("there are as many cases as on Docker", () => {
    expect(all).toHaveLength(2 * 21);
  });
});

test.each(all.filter(({ name }) => !ALLOWED.includes(name)))(
  "the bucket's policy holds whatever is attached to the role: $title",
  ({ name, requests, bucket }) => {
    expect(outcome(name, requests, bucket, [everything])).toBe("AccessDenied");
  },
);

test.each([
  ["without TLS", { "aws:SecureTransport": "false" }],
  ["over TLS 1.1", { "s3:TlsVersion": "1.1" }],
  ["encrypted with S3's own key", { "s3:x-amz-server-side-encryption": "AES256" }],
])("nobody uploads %s, administrators neither", (_, context) => {
  const request = { principal: "arn:aws:iam::123456789012:role/admin", action: "s3:PutObject", resource: `arn:aws:s3:::${names.locked}/one` };
  const policies = [everything, bucketPolicy(place, names.locked)];
  expect(evaluate(policies, { ...request, context })).toBe("AccessDenied");
  expect(evaluate(policies, { ...request, context: { "s3:x-amz-server-side-encryption": "aws:kms" } })).toBe("allowed");
  expect(evaluate(policies, request)).toBe("allowed");
});

test("the roles use the key through S3 alone, the one to write and the other to read", () => {
  const ask = (principal: string, action: string, via?: string) =>
    evaluate([keyPolicy(place)], { principal, action, resource: "arn:aws:kms:::key", context: via ? { "kms:ViaService": via } : {} });
  const s3 = "s3.eu-west-1.amazonaws.com";
  expect(["kms:GenerateDataKey", "kms:Decrypt"].map(action => ask(writer, action, s3))).toEqual(["allowed", "allowed"]);
  expect(["kms:GenerateDataKey", "kms:Decrypt"].map(action => ask(restore, action, s3))).toEqual(["AccessDenied", "allowed"]);
  for (const via of [undefined, "ec2.eu-west-1.amazonaws.com"]) expect(ask(writer, "kms:Decrypt", via)).toBe("AccessDenied");
  expect(ask(writer, "kms:PutKeyPolicy", s3)).toBe("AccessDenied");
});

test("nobody has the key deleted, unless the vault is disposable", () => {
  const root = { principal: "arn:aws:iam::123456789012:root", action: "kms:ScheduleKeyDeletion", resource: "arn:aws:kms:::key" };
  expect(evaluate([keyPolicy(place), everything], root)).toBe("AccessDenied");
  expect(evaluate([keyPolicy({ ...place, disposable: true })], root)).toBe("allowed");
});

test("a role is for the tokens of one service account, made for AWS", () => {
  const issuer = "oidc.eks.eu-west-1.amazonaws.com/id/TEST";
  for (const [who, account] of [
    ["writer", "timescaledb"],
    ["restore", "restore"],
  ] as const) {
    expect(trustPolicy(place, who).Statement).toEqual([
      expect.objectContaining({
        Principal: { Federated: place.oidcProvider },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: { StringEquals: { [`${issuer}:aud`]: "sts.amazonaws.com", [`${issuer}:sub`]: `system:serviceaccount:ultrathink:${account}` } },
      }),
    ]);
  }
});

test("only S3 itself writes access logs, and only those of the vault's buckets", () => {
  const { Statement: statements } = logBucketPolicy(place);
  expect(statements.filter(({ Effect }) => Effect === "Allow")).toEqual([
    expect.objectContaining({
      Principal: { Service: "logging.s3.amazonaws.com" },
      Action: "s3:PutObject",
      Condition: {
        ArnLike: { "aws:SourceArn": ["arn:aws:s3:::ultrathink-backups", "arn:aws:s3:::ultrathink-backups-recent"] },
        StringEquals: { "aws:SourceAccount": "123456789012" },
      },
    }),
  ]);
});

test("no allow names a pattern of actions or anybody, but for the account's own way to its key", () => {
  const allows = Object.values(documents(place)).flatMap(({ Statement: statements }) => statements.filter(({ Effect }) => Effect === "Allow"));
  const open = allows.filter(
    ({ Action, NotAction, Principal }) =>
      NotAction ?? ([Action].flat().some(action => action!.includes("*")) || JSON.stringify(Principal)?.includes('"*"')),
  );
  expect(open.map(({ Sid }) => Sid)).toEqual(["Administrators"]);
});

test("every policy is within AWS' limit", () => {
  const limits: [RegExp, number][] = [
    [/\.trust\.json$/, 2048],
    [/\.policy\.json$/, 10_240],
    [/\.bucket-policy\.json$/, 20_480],
    [/\.key-policy\.json$/, 32_768],
  ];
  const sizes = Object.entries(documents(place)).map(([name, document]) => [name, JSON.stringify(document).length] as const);
  expect(sizes).toHaveLength(8);
  for (const [name, size] of sizes) expect([name, size <= limits.find(([file]) => file.test(name))![1]]).toEqual([name, true]);
});
