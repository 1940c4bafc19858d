import { IAM } from "@aws-sdk/client-iam";
import { KMS } from "@aws-sdk/client-kms";
import { S3 } from "@aws-sdk/client-s3";
import type { Stack } from "@pulumi/pulumi/automation";
import { bucketNames, documents } from "../../../vault/aws/documents";
import { AwsVault } from "../../../vault/aws/vault";
import { startEngine, type TestEngine } from "../../sandbox/support/engine";
import { startMoto, type Moto } from "../../sandbox/support/moto";
import { describeReal } from "../../sandbox/support/requirements";
import { place } from "./support";

jest.setTimeout(300_000);

const names = bucketNames(place);

describeReal("a vault in AWS, under the real engine, with a server in AWS' place", () => {
  let moto: Moto;
  let real: TestEngine;
  let stack: Stack;
  let s3: S3;
  const own = { ...process.env };
  const program = () => Promise.resolve({ ...new AwsVault("t", place).outputs });
  const brought = async (up: ReturnType<Stack["up"]>) => Object.keys((await up).summary.resourceChanges!);

  beforeAll(async () => {
    moto = await startMoto(place.region);
    Object.assign(process.env, moto.env);
    s3 = new S3({ forcePathStyle: true });
    real = await startEngine();
    stack = await real.stack("t-aws", program, "ultrathink-vault");
    await stack.up();
  });
  afterAll(async () => {
    await real?.end();
    await moto?.stop();
    process.env = own;
  });

  it("tells its stack where it lies, and its secrets as secrets", async () => {
    const outputs = await stack.outputs();
    expect(Object.keys(outputs).filter(key => outputs[key]!.secret)).toEqual(["cipherPassphrase", "manifestKey"]);
    expect(Object.fromEntries(Object.entries(outputs).flatMap(([key, { value, secret }]) => (secret ? [] : [[key, value as unknown]])))).toEqual({
      endpoint: "https://s3.eu-west-1.amazonaws.com",
      buckets: { locked: "ultrathink-backups", unlocked: "ultrathink-backups-recent" },
      writer: { roleArn: "arn:aws:iam::123456789012:role/ultrathink-backup-writer" },
      restore: { roleArn: "arn:aws:iam::123456789012:role/ultrathink-backup-restore" },
    });
    for (const key of ["cipherPassphrase", "manifestKey"]) expect(real.stateText()).not.toContain(outputs[key]!.value);
  });

  it("has three private, versioned buckets; the declared two are encrypted with its key, and say who asked", async () => {
    const { KeyMetadata: key } = await new KMS().describeKey({ KeyId: "alias/ultrathink-vault" });
    for (const Bucket of Object.values(names)) {
      const { PublicAccessBlockConfiguration: block } = await s3.getPublicAccessBlock({ Bucket });
      expect(Object.values(block!)).toEqual([true, true, true, true]);
      expect((await s3.getBucketVersioning({ Bucket })).Status).toBe("Enabled");
      expect((await s3.getBucketOwnershipControls({ Bucket })).OwnershipControls!.Rules![0]!.ObjectOwnership).toBe("BucketOwnerEnforced");
      const [rule] = (await s3.getBucketEncryption({ Bucket })).ServerSideEncryptionConfiguration!.Rules!;
      const { LoggingEnabled: logging } = await s3.getBucketLogging({ Bucket });
      expect([rule!.ApplyServerSideEncryptionByDefault!.KMSMasterKeyID, logging?.TargetBucket]).toEqual(
        Bucket === names.logs ? [undefined, undefined] : [key!.Arn, names.logs],
      );
    }
    expect(await new KMS().getKeyRotationStatus({ KeyId: key!.KeyId })).toMatchObject({ KeyRotationEnabled: true });
  });

  it("locks what lives longer than the lock in compliance mode", async () => {
    const { ObjectLockConfiguration: lock } = await s3.getObjectLockConfiguration({ Bucket: names.locked });
    expect(lock).toMatchObject({ ObjectLockEnabled: "Enabled", Rule: { DefaultRetention: { Mode: "COMPLIANCE", Days: 14 } } });
    // moto takes every condition of a bucket's policy as met, and so would refuse everything for want of TLS.
    const { Policy } = await s3.getBucketPolicy({ Bucket: names.locked });
    await s3.deleteBucketPolicy({ Bucket: names.locked });
    await s3.putObject({ Bucket: names.locked, Key: "one", Body: "first" });
    const { ObjectLockMode, ObjectLockRetainUntilDate: until } = await s3.headObject({ Bucket: names.locked, Key: "one" });
    await s3.putBucketPolicy({ Bucket: names.locked, Policy });
    expect([ObjectLockMode, Math.round((until!.getTime() - Date.now()) / 86_400_000)]).toEqual(["COMPLIANCE", 14]);
    await expect(s3.getObjectLockConfiguration({ Bucket: names.unlocked })).rejects.toThrow(/configuration/);
  });

  it("has the lifecycle that is declared", async () => {
    const { Rules } = await s3.getBucketLifecycleConfiguration({ Bucket: names.locked });
    expect(Rules!.map(({ ID, Filter, Expiration }) => [ID, Filter?.Prefix, Expiration?.Days])).toEqual([
      ["leftovers", "", undefined],
      ["timescaledb-dump-daily", "timescaledb-dump/daily/", 30],
      ["timescaledb-dump-weekly", "timescaledb-dump/weekly/", 84],
      ["timescaledb-dump-monthly", "timescaledb-dump/monthly/", 365],
    ]);
  });

  it("has exactly the documents that are rendered", async () => {
    const iam = new IAM();
    const kms = new KMS();
    const { KeyMetadata: key } = await kms.describeKey({ KeyId: "alias/ultrathink-vault" });
    const found = await Promise.all(
      Object.keys(documents(place)).map(async name => {
        const [thing, kind] = /^(.*?)\.(trust|policy|bucket-policy|key-policy)\.json$/.exec(name)!.slice(1) as [string, string];
        const text = {
          trust: async () => decodeURIComponent((await iam.getRole({ RoleName: thing })).Role!.AssumeRolePolicyDocument!),
          policy: async () => decodeURIComponent((await iam.getRolePolicy({ RoleName: thing, PolicyName: "vault" })).PolicyDocument!),
          "bucket-policy": async () => (await s3.getBucketPolicy({ Bucket: thing })).Policy!,
          "key-policy": async () => (await kms.getKeyPolicy({ KeyId: key!.KeyId, PolicyName: "default" })).Policy!,
        }[kind]!;
        return [name, JSON.parse(await text()) as unknown];
      }),
    );
    expect(Object.fromEntries(found)).toEqual(documents(place));
  });

  it("changes nothing when it is brought up again, with a look at what is there", async () => {
    expect(await brought(stack.up({ refresh: true }))).toEqual(["same"]);
  });

  it("finds what somebody changed by hand, and mends it", async () => {
    await s3.putBucketVersioning({ Bucket: names.locked, VersioningConfiguration: { Status: "Suspended" } });
    await s3.deletePublicAccessBlock({ Bucket: names.unlocked });
    await s3.putBucketPolicy({ Bucket: names.locked, Policy: JSON.stringify({ Version: "2012-10-17", Statement: [] }) });
    const { changeSummary } = await stack.previewRefresh();
    expect(changeSummary).toMatchObject({ update: 2, delete: 1 });
    const { summary } = await stack.up({ refresh: true });
    expect(summary.resourceChanges).toMatchObject({ create: 1, update: 2 });
    expect((await s3.getBucketVersioning({ Bucket: names.locked })).Status).toBe("Enabled");
    expect(await brought(stack.up({ refresh: true }))).toEqual(["same"]);
  });

  it("is not destroyed: all of it is protected, and what is in it stays", async () => {
    await expect(stack.destroy()).rejects.toThrow(/protect/);
    await stack.destroy({ excludeProtected: true });
    const { deployment } = await stack.exportStack();
    const kept = (deployment.resources as { type: string; protect?: boolean }[]).filter(({ type }) => /^(aws|random):/.test(type));
    expect(kept.map(({ protect }) => protect)).toEqual(Array(3 + 3 * 6 + 1 + 2 + 2 + 4 + 2).fill(true));
    expect((await s3.getBucketPolicy({ Bucket: names.locked })).Policy).toContain("OnlyTls");
  });

  it("is left in AWS when its state lets go of it", async () => {
    const exported = await stack.exportStack();
    for (const resource of exported.deployment.resources as { protect?: boolean }[]) delete resource.protect;
    await stack.importStack(exported);
    await stack.destroy();
    const { Buckets } = await s3.listBuckets();
    expect(Buckets!.map(({ Name }) => Name).sort()).toEqual(Object.values(names).sort());
    expect((await s3.getBucketVersioning({ Bucket: names.locked })).Status).toBe("Enabled");
    expect((await new KMS().describeKey({ KeyId: "alias/ultrathink-vault" })).KeyMetadata!.KeyState).toBe("Enabled");
    expect((await new IAM().listRoles()).Roles).toHaveLength(2);
  });
});
