import { backupCrontab, accessFiles, pgbackrestConfig, planFiles, type VaultAccess } from "../../../components/backup/files";
import { backupPlan } from "../../../components/backup/plan";
import { stackSystem } from "../../../components/environment";
import { parseConfig } from "../../../config";
import { without } from "../../../systems/declaration";
import { ultrathink } from "../../../systems/ultrathink";

const plan = backupPlan(ultrathink)!;
const access: VaultAccess = {
  keys: { authority: "PEM", identity: { accessKey: "somebody", secretKey: "key-of-somebody" } },
  cipherPassphrase: "a-passphrase",
  manifestKey: "a-manifest-key",
};

test("the plan is the declaration in the words of the backup program", () => {
  expect(plan).toMatchObject({
    version: 1,
    system: "ultrathink",
    vault: {
      endpoint: "https://vault:9000",
      region: "us-east-1",
      bucket: "ultrathink-backups",
      unlockedBucket: "ultrathink-backups-recent",
      identity: "keys",
    },
    database: {
      service: "timescaledb",
      socket: "/var/run/postgresql",
      user: "ultrathink",
      stanza: "ultrathink",
      pgdata: "/home/postgres/pgdata/data",
    },
    redis: { service: "redis-queue", host: "redis-queue", port: 6379, passwordFile: "/run/secrets/redis-queue-password" },
    objectStore: { endpoint: "https://object-store:9000", bucket: "mlflow-artifacts" },
    mlflow: { url: "http://mlflow:5000" },
    kafka: { bootstrapServers: "kafka-1:9092,kafka-2:9093,kafka-3:9094" },
    restoreTest: { schedule: "0 4 * * 0" },
    expire: { schedule: "0 5 * * *" },
  });
  expect(plan.jobs).toContainEqual({
    name: "timescaledb-dump",
    kind: "postgres-dump",
    schedule: "0 2 * * *",
    maxAgeSeconds: 26 * 3600,
    keep: { daily: 30 * 86_400, weekly: 84 * 86_400, monthly: 365 * 86_400 },
    bucket: "locked",
  });
});

test("what a stack does without is not in its plan", () => {
  const smaller = JSON.parse(planFiles(backupPlan(without(ultrathink, ["mlflow", "kafka-1", "redis-queue"]))!)[0]!.content) as typeof plan;
  expect(Object.keys(smaller)).toEqual(["version", "system", "vault", "database", "objectStore", "jobs", "restoreTest", "expire"]);
  expect(smaller.jobs.map(({ kind }) => kind)).toEqual(["postgres-physical", "postgres-dump", "object-store"]);
  expect(backupPlan(without(ultrathink, ["backup"]))).toBeUndefined();
});

test("pgBackRest keeps fulls as long as the table says, and its plain half holds no secret", () => {
  const { content } = pgbackrestConfig(plan);
  expect(content).toContain("repo1-retention-full-type=time\nrepo1-retention-full=30\n");
  expect(content).toContain("repo1-s3-endpoint=vault\nrepo1-storage-port=9000\n");
  expect(content).not.toMatch(/key|pass=/);
  const dumpsOnly = { ...plan, jobs: plan.jobs.filter(({ kind }) => kind !== "postgres-physical") };
  expect(() => pgbackrestConfig(dumpsOnly)).toThrow("pgBackRest needs a job of kind postgres-physical");
});

test("every file with a secret is one, and the others hold none", () => {
  const texts = accessFiles(plan).map(({ path, kind, content }) => ({ path, kind, text: content(access) }));
  expect(texts.filter(({ kind }) => kind !== "secret")).toEqual([{ path: "/etc/ssl/ultrathink/vault-ca.crt", kind: "certificate", text: "PEM" }]);
  expect(texts.find(({ path }) => path === "/etc/pgbackrest/conf.d/vault.conf")!.text).toBe(
    "[global]\nrepo1-s3-key=somebody\nrepo1-s3-key-secret=key-of-somebody\nrepo1-cipher-pass=a-passphrase\n",
  );
  expect(JSON.stringify(planFiles(plan))).not.toMatch(/key-of|a-passphrase|a-manifest-key/);
});

test("in AWS the pod's role is the identity: S3 at its own address, and no key in any file", () => {
  const { system } = stackSystem(
    ultrathink,
    parseConfig({ backend: "kubernetes", aws: { account: "123456789012", region: "eu-west-1" } }, "prod"),
    "prod",
  );
  const inAws = backupPlan(system)!;
  expect(inAws.vault).toEqual({
    endpoint: "https://s3.eu-west-1.amazonaws.com",
    region: "eu-west-1",
    bucket: "ultrathink-backups",
    unlockedBucket: "ultrathink-backups-recent",
    identity: "web-identity",
  });
  const { content } = pgbackrestConfig(inAws);
  expect(content).toContain("repo1-s3-endpoint=s3.eu-west-1.amazonaws.com\nrepo1-storage-port=443\nrepo1-s3-key-type=web-id\n");
  expect(content).toContain("repo1-s3-region=eu-west-1\n");
  expect(content).not.toContain("ca-file");
  const own = { ...access, keys: undefined };
  expect(Object.fromEntries(accessFiles(inAws).map(({ path, content: text }) => [path, text(own)]))).toEqual({
    "/etc/pgbackrest/conf.d/vault.conf": "[global]\nrepo1-cipher-pass=a-passphrase\n",
    "/run/secrets/vault-manifest-key": "a-manifest-key",
  });
});

test("the crontab has every job once, the restore test and the deletion", () => {
  const lines = backupCrontab(plan).trim().split("\n");
  expect(lines).toEqual([
    "30 0 * * * backup run timescaledb",
    "0 2 * * * backup run timescaledb-dump",
    "*/5 * * * * backup run redis-queue",
    "0 2 * * * backup run redis-queue-daily",
    "0 3 * * * backup run mlflow-artifacts",
    "15 2 * * * backup run kafka",
    "30 3 * * * backup run models",
    "0 4 * * 0 backup restore-test",
    "0 5 * * * backup expire",
  ]);
});
