import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { vaultAuthority, vaultCredentials } from "../components/backup/files";
import type { IdentityName } from "../components/backup/aws";
import { vaultEndpoint } from "../components/backup/plan";
import type { JobSpec, ServiceSpec } from "../components/spec";
import { seconds, type System } from "../systems/declaration";
import { accessKeys, bucketPolicy } from "./identities";

/** Port on the host, beside the object store's 9000. */
export const PUBLISHED_PORT = 9010;
const VOLUME = "/srv/vault";
const CERTIFICATE = "/etc/ultrathink/tls.crt";
const KEY = "/run/secrets/tls.key";
const ROOT_SECRET_KEY = "/run/secrets/vault-root-secret-key";
/** versitygw reads the accounts from users.json in this folder, anew for each request that its cache does not answer. */
const ACCOUNTS = "/run/secrets/iam";
const BUCKETS = "/etc/ultrathink/buckets.json";
/** Account that owns the buckets. Only the job below has its key, and the vault's state. */
const ROOT_ACCESS_KEY = "ultrathink-vault-root";

/** The accounts beside root, in the form of versitygw's internal identity service. */
function accounts(secretKeys: Record<IdentityName, Input<string>>): Output<string> {
  return pulumi.output(secretKeys).apply(secrets => {
    const entries = (Object.keys(secrets) as IdentityName[]).map(name => [
      accessKeys[name],
      { access: accessKeys[name], secret: secrets[name], role: "user", userID: 0, groupID: 0, projectID: 0 },
    ]);
    return JSON.stringify({ accessAccounts: Object.fromEntries(entries) });
  });
}

export interface ServerSecrets {
  tls: { key: Input<string>; certificate: Input<string> };
  root: Input<string>;
  identities: Record<IdentityName, Input<string>>;
}

/** An S3 server on a disk of this machine, with TLS, versions, locks and the vault's identities. */
export function serverSpec(system: System, { tls, root, identities }: ServerSecrets): ServiceSpec {
  const { host, port } = system.external[system.backups!.vault.external]!;
  return {
    name: host,
    image: "object-store",
    user: 0,
    cpu: 0.5,
    memory: "512M",
    reserved: "256M",
    ports: [{ container: port, host: PUBLISHED_PORT }],
    entrypoint: ["sh", "-c"],
    command: [
      [
        `mkdir -p ${VOLUME}/data ${VOLUME}/versions`,
        `export ROOT_ACCESS_KEY=${ROOT_ACCESS_KEY} ROOT_SECRET_KEY="$(cat ${ROOT_SECRET_KEY})"`,
        `exec /app/versitygw --port :${port} --health /health --cert ${CERTIFICATE} --key ${KEY} --quiet --iam-dir ${ACCOUNTS} posix --versioning-dir ${VOLUME}/versions ${VOLUME}/data`,
      ].join(" && "),
    ],
    files: [
      { path: CERTIFICATE, kind: "certificate", content: tls.certificate },
      { path: KEY, kind: "secret", content: tls.key },
      { path: ROOT_SECRET_KEY, kind: "secret", content: root },
      { path: `${ACCOUNTS}/users.json`, kind: "secret", content: accounts(identities) },
    ],
    volumes: [{ volume: "vault", path: VOLUME }],
    health: { command: ["wget", "-q", "--no-check-certificate", "-O", "/dev/null", `https://localhost:${port}/health`], startup: "60s" },
    stopGrace: "60s",
    needs: [],
  };
}

/** The vault's buckets as `backup buckets` of the backup image brings them about. */
export function bucketDocument(system: System) {
  const { buckets, lock, region } = system.backups!.vault;
  return {
    version: 1,
    endpoint: vaultEndpoint(system),
    region,
    buckets: [
      { name: buckets.locked, versioning: true, lock: { mode: "GOVERNANCE", days: seconds(lock) / 86_400 }, policy: bucketPolicy(buckets.locked) },
      { name: buckets.unlocked, versioning: true, policy: bucketPolicy(buckets.unlocked) },
    ],
  };
}

/** The job that makes the buckets, with versions, lock and policy. */
export function bucketsJob(system: System, root: Input<string>, authority: Input<string>): JobSpec {
  const access = pulumi.all([root, authority]).apply(([secretKey, certificate]) => ({
    keys: { authority: certificate!, identity: { accessKey: ROOT_ACCESS_KEY, secretKey: secretKey! } },
    cipherPassphrase: "",
    manifestKey: "",
  }));
  const { host } = system.external[system.backups!.vault.external]!;
  return {
    name: `${host}-buckets`,
    image: "backup",
    user: 1000,
    cpu: 0.5,
    memory: "256M",
    reserved: "64M",
    command: ["buckets", "--file", BUCKETS],
    files: [
      { path: BUCKETS, kind: "buckets", content: `${JSON.stringify(bucketDocument(system), null, 2)}\n` },
      ...[vaultCredentials, vaultAuthority].map(({ path, kind, content }) => ({ path, kind, content: access.apply(content) })),
    ],
    tmpfs: { "/tmp": "16M" },
    needs: [host],
    deadline: "120s",
  };
}
