import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { S3 } from "@aws-sdk/client-s3";
import { accessFiles, planFiles } from "../../../components/backup/files";
import { roleArn } from "../../../components/backup/aws";
import { backupPlan } from "../../../components/backup/plan";
import images from "../../../images.lock.json";
import { startMoto, type Moto } from "../../sandbox/support/moto";
import { describeWithImages } from "../support";
import { place } from "./support";

jest.setTimeout(120_000);

const plan = backupPlan(place.system)!;

/** Puts a file and reads it back, by the backup program's own way to a vault in AWS. */
const SCRIPT = `
import json, sys
from backup.context import load
from backup.paths import Paths
vault = load(Paths()).vault
print(vault.put("ultrathink-backups", "probe", b"by a role").version_id)
print(vault.get("ultrathink-backups", "probe").decode())
`;

describeWithImages("a pod with the writer's role, and without a key", ["backup"], () => {
  let folder: string;
  let moto: Moto;
  const own = { ...process.env };
  const role = { AWS_ROLE_ARN: roleArn(place.system, place, "writer"), AWS_WEB_IDENTITY_TOKEN_FILE: "/run/token" };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "t-role-"));
    chmodSync(folder, 0o755);
    const secrets = accessFiles(plan).map(({ path, content }) => ({ path, content: content({ cipherPassphrase: "x", manifestKey: "y" }) }));
    for (const { path, content } of [...planFiles(plan), ...secrets, { path: "/run/token", content: "token of the pod" }]) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    moto = await startMoto(place.region);
  });
  afterAll(async () => {
    await moto?.stop();
    rmSync(folder, { recursive: true, force: true });
    process.env = own;
  });

  /** Runs a program of the backup image with the files that the sidecar gets in production. */
  function run(env: Record<string, string>, network: string, entrypoint: string, ...args: string[]): string {
    const mounts = ["etc/ultrathink", "etc/pgbackrest", "run"].flatMap(path => ["--volume", `${join(folder, path)}:/${path}:ro`]);
    const source = ["--volume", `${join(__dirname, "../../../backups")}:/source:ro`, "--env", "PYTHONPATH=/source"];
    const variables = Object.entries(env).flatMap(([key, value]) => ["--env", `${key}=${value}`]);
    const options = ["--rm", "--name", "t-aws-role", "--network", network, ...mounts, ...source, ...variables];
    const { stdout, stderr } = spawnSync("docker", ["run", ...options, "--entrypoint", entrypoint, images.backup, ...args], { encoding: "utf8" });
    return `${stdout}${stderr}`;
  }

  it("is who the backup program is to S3, with credentials that it gets for the pod's token", async () => {
    Object.assign(process.env, moto.env);
    const s3 = new S3({ forcePathStyle: true });
    await s3.createBucket({ Bucket: "ultrathink-backups", CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } });
    await s3.putBucketVersioning({ Bucket: "ultrathink-backups", VersioningConfiguration: { Status: "Enabled" } });
    // The plan names S3's own address, which the client is led away from.
    writeFileSync(join(folder, "etc/ultrathink/backup.json"), JSON.stringify({ ...plan, vault: { ...plan.vault, endpoint: moto.endpoint } }));
    const said = run({ ...role, AWS_REGION: place.region, AWS_ENDPOINT_URL_STS: moto.endpoint }, "host", "python3", "-c", SCRIPT);
    const { Versions } = await s3.listObjectVersions({ Bucket: "ultrathink-backups", Prefix: "probe" });
    expect(said.trim().split("\n")).toEqual([Versions![0]!.VersionId, "by a role"]);
    expect(run({ AWS_REGION: place.region }, "host", "python3", "-c", SCRIPT)).toMatch(
      /AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE: must be set by the cluster/,
    );
  });

  it("is who pgBackRest asks AWS to be; it takes every line of its configuration", () => {
    const info = (env: Record<string, string>) => run(env, "none", "pgbackrest", "--stanza=ultrathink", "--io-timeout=1", "info");
    expect(info(role)).toContain("unable to get address for 'sts.amazonaws.com'");
    expect(info(role)).not.toMatch(/Option\w*Error|WARN/);
    expect(info({})).toMatch(/'repo1-s3-key-type' is 'web-id' but 'AWS_ROLE_ARN' and 'AWS_WEB_IDENTITY_TOKEN_FILE' are not set/);
  });
});
