import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KMS } from "@aws-sdk/client-kms";
import { S3 } from "@aws-sdk/client-s3";
import { execute } from "../../ops/cli";
import { createLogger } from "../../ops/logger";
import { checkout } from "../../ops/workspace";
import { startMoto, type Moto } from "../sandbox/support/moto";
import { describeReal } from "../sandbox/support/requirements";
import { testToolchain } from "./support/toolchain";

jest.setTimeout(300_000);

const BUCKET = "ultrathink-pulumi-state";
const ALIAS = "alias/ultrathink-pulumi-state";

/** The checkout's own files, in a folder of their own. */
function copyOfStacks(...stacks: string[]): string {
  const root = mkdtempSync(join(tmpdir(), "t-bootstrap-"));
  mkdirSync(join(root, "vault"));
  for (const file of ["Pulumi.yaml", ...stacks.map(stack => `Pulumi.${stack}.yaml`)]) {
    cpSync(join(checkout, file), join(root, file));
    cpSync(join(checkout, "vault", file), join(root, "vault", file));
  }
  symlinkSync(join(checkout, "policies"), join(root, "policies"));
  return root;
}

/** Runs one of the project's own commands there. */
async function run(root: string, toolchain: ReturnType<typeof testToolchain>, argv: string[]): Promise<{ code: number; text: string }> {
  const lines: string[] = [];
  const logger = createLogger({ out: text => lines.push(text), err: text => lines.push(text) });
  const code = await execute(argv, toolchain, { logger, root, tty: false });
  return { code, text: lines.join("") };
}

/** Production's own files, against a server in AWS' place; its account has the number that they name. */
describeReal("the state of production", () => {
  const toolchain = testToolchain();
  const own = { ...process.env };
  let moto: Moto;
  let root: string;
  let s3: S3;

  const ops = (...argv: string[]) => run(root, toolchain, [...argv, "--stack", "prod"]);

  /** Runs with production's file changed, and puts it back. */
  async function changed<T>(change: (text: string) => string, run: () => Promise<T>): Promise<T> {
    const file = join(root, "Pulumi.prod.yaml");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, change(text));
    try {
      return await run();
    } finally {
      writeFileSync(file, text);
    }
  }

  beforeAll(async () => {
    moto = await startMoto("us-east-1");
    Object.assign(process.env, moto.env);
    s3 = new S3({ forcePathStyle: true });
    root = copyOfStacks("prod", "staging");
  });
  afterAll(async () => {
    await toolchain.end();
    await moto?.stop();
    rmSync(root, { recursive: true, force: true });
    process.env = own;
  });

  const nothing = async () => {
    expect((await s3.listBuckets()).Buckets ?? []).toEqual([]);
    expect((await new KMS().listKeys()).Keys ?? []).toEqual([]);
  };

  test.each<[string, (text: string) => string, RegExp]>([
    [
      "of another account than the credentials",
      text => text.replace("123456789012", "210987654321"),
      /aws.account is 210987654321, and these credentials are of 123456789012/,
    ],
    ["without a key", text => text.replace(/^secretsprovider: .*$/m, ""), /secretsprovider is not set in Pulumi.prod.yaml: name the alias of a key/],
    [
      "with a passphrase",
      text => text.replace(/^secretsprovider: .*$/m, "secretsprovider: passphrase"),
      /secretsprovider is "passphrase" in Pulumi.prod.yaml/,
    ],
    [
      "that lies in the checkout",
      text => text.replace(/^.*stateUrl.*$/m, ""),
      /stateUrl is not set in Pulumi.prod.yaml: the state of prod lies in .state\//,
    ],
    [
      "in a bucket without a region",
      text => text.replace("stateUrl: s3://ultrathink-pulumi-state?region=us-east-1", "stateUrl: s3://b"),
      /stateUrl is "s3:\/\/b": a bucket with its region/,
    ],
  ])("%s is not made, and nothing is", async (_, change, message) => {
    const { code, text } = await changed(change, () => ops("bootstrap"));
    expect(text).toMatch(message);
    expect(code).toBe(2);
    await nothing();
  });

  test("staging's is not made with credentials of production's account", async () => {
    const { code, text } = await run(root, toolchain, ["bootstrap", "--stack", "staging"]);
    expect(text).toMatch(/aws.account is 111122223333, and these credentials are of 123456789012/);
    expect(code).toBe(2);
    await nothing();
  });

  test("the vault is not brought up before it has a place for its state", async () => {
    const { code, text } = await ops("vault");
    expect(text).toMatch(/The state of prod in s3:\/\/ultrathink-pulumi-state\S* cannot be read: .*\n.*`bin\/ops bootstrap --stack prod` makes it/);
    expect(code).toBe(1);
    await nothing();
  });

  test("a pull request is judged without it, and without credentials", async () => {
    const credentials = ["AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
    for (const key of credentials) delete process.env[key];
    try {
      const { code, text } = await ops("policy");
      expect(text).toMatch(/\d{2,} resources judged, no violation/);
      expect(code).toBe(0);
    } finally {
      Object.assign(process.env, moto.env);
    }
    await nothing();
  });

  test("bootstrap makes a bucket and a key, and says what a person types who does without bin/ops", async () => {
    const { code, text } = await ops("bootstrap");
    expect(text).toContain(`Key ${ALIAS} is made`);
    expect(text).toContain(`Bucket ${BUCKET} is made`);
    expect(text).toContain(`pulumi login 's3://${BUCKET}?region=us-east-1'`);
    expect(text).toContain(`pulumi stack init prod --secrets-provider 'awskms://${ALIAS}?region=us-east-1'`);
    expect(code).toBe(0);
  });

  const expectClosed = async () => {
    const Bucket = BUCKET;
    const { KeyMetadata: key } = await new KMS().describeKey({ KeyId: ALIAS });
    expect(await new KMS().getKeyRotationStatus({ KeyId: key!.KeyId })).toMatchObject({ KeyRotationEnabled: true });
    expect(Object.values((await s3.getPublicAccessBlock({ Bucket })).PublicAccessBlockConfiguration!)).toEqual([true, true, true, true]);
    expect((await s3.getBucketVersioning({ Bucket })).Status).toBe("Enabled");
    expect((await s3.getBucketOwnershipControls({ Bucket })).OwnershipControls!.Rules![0]!.ObjectOwnership).toBe("BucketOwnerEnforced");
    expect((await s3.getBucketPolicy({ Bucket })).Policy).toContain('"aws:SecureTransport":"false"');
    const [encryption] = (await s3.getBucketEncryption({ Bucket })).ServerSideEncryptionConfiguration!.Rules!;
    expect(encryption!.ApplyServerSideEncryptionByDefault).toMatchObject({ SSEAlgorithm: "aws:kms", KMSMasterKeyID: key!.Arn });
    const { Rules: rules } = await s3.getBucketLifecycleConfiguration({ Bucket });
    expect(rules).toMatchObject([
      { NoncurrentVersionExpiration: { NoncurrentDays: 90 }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
    ]);
    expect(rules![0]!.Expiration!.Days).toBeUndefined();
  };

  test("the bucket is private, versioned, encrypted with the key and reached over TLS alone; no state goes by age", expectClosed);

  test("again, it makes nothing, and takes back what somebody opened", async () => {
    await s3.deletePublicAccessBlock({ Bucket: BUCKET });
    await s3.deleteBucketPolicy({ Bucket: BUCKET });
    const { code, text } = await ops("bootstrap");
    expect(text).toContain(`Key ${ALIAS} is there`);
    expect(text).toContain(`Bucket ${BUCKET} is there`);
    expect(code).toBe(0);
    expect((await new KMS().listKeys()).Keys).toHaveLength(1);
    await expectClosed();
  });

  /** moto takes every condition of a bucket's policy as met, and so would refuse everything for want of TLS. */
  const openForMoto = () => s3.deleteBucketPolicy({ Bucket: BUCKET });

  test("the vault keeps its state there, its secrets encrypted by the key, and finds it again", async () => {
    await openForMoto();
    const first = await ops("vault");
    expect(first.text).toContain(`The vault of prod is up`);
    expect(first.text).toContain(`awskms://${ALIAS}?region=us-east-1 opens it.`);
    expect(first.code).toBe(0);
    const state = await (await s3.getObject({ Bucket: BUCKET, Key: ".pulumi/stacks/ultrathink-vault/prod.json" })).Body!.transformToString();
    expect(JSON.parse(state)).toMatchObject({
      checkpoint: { latest: { secrets_providers: { type: "cloud", state: { url: `awskms://${ALIAS}?region=us-east-1` } } } },
    });
    const again = await ops("vault");
    expect(again.text).not.toMatch(/changes/);
    expect(again.code).toBe(0);
  });

  test("another checkout finds it too, without anything of the first", async () => {
    rmSync(join(root, ".state"), { recursive: true });
    const { code, text } = await ops("vault");
    expect(text).not.toMatch(/changes/);
    expect(code).toBe(0);
  });

  test("a vault in AWS is not purged from here", async () => {
    const { code, text } = await ops("vault", "--purge", "--yes");
    expect(text).toMatch(/the vault of prod lies in aws, where its buckets are emptied and deleted by whoever administers the account/);
    expect(code).toBe(2);
  });
});

describeReal("the state of staging", () => {
  const toolchain = testToolchain();
  const own = { ...process.env };
  let moto: Moto;
  let root: string;

  beforeAll(async () => {
    moto = await startMoto("us-east-1", "111122223333");
    Object.assign(process.env, moto.env);
    root = copyOfStacks("staging");
  });
  afterAll(async () => {
    await toolchain.end();
    await moto?.stop();
    rmSync(root, { recursive: true, force: true });
    process.env = own;
  });

  test("lies in its own bucket, under its own key, in its own account", async () => {
    const { code, text } = await run(root, toolchain, ["bootstrap", "--stack", "staging"]);
    expect(text).toContain("pulumi login 's3://ultrathink-staging-pulumi-state?region=us-east-1'");
    expect(code).toBe(0);
    const { Buckets } = await new S3({ forcePathStyle: true }).listBuckets();
    expect(Buckets!.map(({ Name }) => Name)).toEqual(["ultrathink-staging-pulumi-state"]);
    const { KeyMetadata } = await new KMS().describeKey({ KeyId: "alias/ultrathink-staging-pulumi-state" });
    expect(KeyMetadata!.Arn).toContain(":111122223333:");
  });
});
