import { IAM } from "@aws-sdk/client-iam";
import { S3 } from "@aws-sdk/client-s3";
import { STS } from "@aws-sdk/client-sts";
import { roleArn, type IdentityName } from "../../../components/backup/aws";
import { bucketNames, identities, rolePolicy, trustPolicy } from "../../../vault/aws/documents";
import { startMoto, type Moto } from "../../sandbox/support/moto";
import { describeReal } from "../../sandbox/support/requirements";
import { place } from "./support";

jest.setTimeout(120_000);

const { locked, unlocked } = bucketNames(place);

/**
 * The roles' own policies by real calls, held to by moto. Calls that it does not tell apart are left to the documents' test: locks, holds and retention
 * are to it an upload, several deletions at once no deletion of a version.
 */
describeReal("the roles of a vault in AWS, by real calls", () => {
  let moto: Moto;
  let clients: Record<IdentityName, S3>;
  const own = { ...process.env };
  const Key = "probe/one";
  const versions: Record<string, { first: string; marker: string }> = {};

  beforeAll(async () => {
    moto = await startMoto(place.region);
    Object.assign(process.env, moto.env);
    const [iam, sts, s3] = [new IAM(), new STS(), new S3({ forcePathStyle: true })];
    clients = {} as typeof clients;
    for (const who of identities) {
      const RoleName = roleArn(place.system, place, who).split("/")[1]!;
      await iam.createRole({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trustPolicy(place, who)) });
      await iam.putRolePolicy({ RoleName, PolicyName: "vault", PolicyDocument: JSON.stringify(rolePolicy(place, who)) });
      const WebIdentityToken = "token of a pod";
      const RoleArn = roleArn(place.system, place, who);
      const { Credentials: found } = await sts.assumeRoleWithWebIdentity({ RoleArn, RoleSessionName: who, WebIdentityToken });
      const credentials = { accessKeyId: found!.AccessKeyId!, secretAccessKey: found!.SecretAccessKey!, sessionToken: found!.SessionToken };
      clients[who] = new S3({ forcePathStyle: true, credentials });
    }
    for (const Bucket of [locked, unlocked]) {
      await s3.createBucket({ Bucket, CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } });
      await s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: "Enabled" } });
      const { VersionId: first } = await s3.putObject({ Bucket, Key, Body: "first" });
      await s3.putObject({ Bucket, Key: "probe/hidden", Body: "hidden" });
      const { VersionId: marker } = await s3.deleteObject({ Bucket, Key: "probe/hidden" });
      versions[Bucket] = { first: first!, marker: marker! };
      await s3.putObject({ Bucket, Key, Body: "second" });
    }
    // From here on every call is judged.
    await fetch(`${moto.endpoint}/moto-api/reset-auth`, { method: "POST", body: "0" });
  });
  afterAll(async () => {
    await moto?.stop();
    process.env = own;
  });

  const calls: [what: string, outcome: "allowed" | "AccessDenied", call: (s3: (who: IdentityName) => S3, Bucket: string) => Promise<unknown>][] = [
    ["writer adds", "allowed", (as, Bucket) => as("writer").putObject({ Bucket, Key, Body: "third" })],
    ["writer reads", "allowed", (as, Bucket) => as("writer").getObject({ Bucket, Key })],
    ["writer lists", "allowed", (as, Bucket) => as("writer").listObjectsV2({ Bucket })],
    ["writer reads an older version", "AccessDenied", (as, Bucket) => as("writer").getObject({ Bucket, Key, VersionId: versions[Bucket]!.first })],
    ["writer deletes a version", "AccessDenied", (as, Bucket) => as("writer").deleteObject({ Bucket, Key, VersionId: versions[Bucket]!.first })],
    [
      "writer deletes a marker",
      "AccessDenied",
      (as, Bucket) => as("writer").deleteObject({ Bucket, Key: "probe/hidden", VersionId: versions[Bucket]!.marker }),
    ],
    [
      "writer stops versioning",
      "AccessDenied",
      (as, Bucket) => as("writer").putBucketVersioning({ Bucket, VersioningConfiguration: { Status: "Suspended" } }),
    ],
    ["writer changes the policy", "AccessDenied", (as, Bucket) => as("writer").putBucketPolicy({ Bucket, Policy: '{"Statement":[]}' })],
    ["writer deletes the policy", "AccessDenied", (as, Bucket) => as("writer").deleteBucketPolicy({ Bucket })],
    ["writer deletes the lifecycle", "AccessDenied", (as, Bucket) => as("writer").deleteBucketLifecycle({ Bucket })],
    ["writer opens the bucket", "AccessDenied", (as, Bucket) => as("writer").putBucketAcl({ Bucket, ACL: "public-read" })],
    ["writer deletes the bucket", "AccessDenied", (as, Bucket) => as("writer").deleteBucket({ Bucket })],
    ["writer hides", "allowed", (as, Bucket) => as("writer").deleteObject({ Bucket, Key })],
    ["restore reads what was hidden", "allowed", (as, Bucket) => as("restore").getObject({ Bucket, Key, VersionId: versions[Bucket]!.first })],
    ["restore adds", "AccessDenied", (as, Bucket) => as("restore").putObject({ Bucket, Key, Body: "fourth" })],
    ["restore hides", "AccessDenied", (as, Bucket) => as("restore").deleteObject({ Bucket, Key })],
    ["restore deletes a version", "AccessDenied", (as, Bucket) => as("restore").deleteObject({ Bucket, Key, VersionId: versions[Bucket]!.first })],
  ];

  test.each([locked, unlocked].flatMap(bucket => calls.map(([what, outcome, call]) => ({ what, outcome, call, bucket }))))(
    "$bucket: $what: $outcome",
    async ({ outcome, call, bucket }) => {
      const came = await call(who => clients[who], bucket).then(
        () => "allowed",
        (error: Error) => error.name,
      );
      expect(came).toBe(outcome);
    },
  );

  test("writer makes a bucket: AccessDenied", async () => {
    await expect(clients.writer.createBucket({ Bucket: "a-bucket-of-its-own" })).rejects.toMatchObject({ name: "AccessDenied" });
  });
});
