import * as pulumi from "@pulumi/pulumi";
import type { ObjectStoreDeclaration, System } from "../systems/declaration";
import type { Backend } from "./backends/backend";
import { AUTHORITY, authorityFile, type ServerCertificate } from "./authority";
import type { CertificateAuthority } from "./certificates";
import { fromRow, row } from "./resources";
import { ACCESS_KEY, objectStoreCommand, objectStorePaths } from "./object-store-command";
import type { Secrets } from "./secrets";
import type { FileMount, JobSpec, ServiceSpec } from "./spec";
import { toolSpec } from "./workload";

const BUCKETS = "/etc/ultrathink/buckets.json";
/** Where the data volume is mounted. */
export const OBJECT_STORE_VOLUME = "/srv/object-store";

/** Address of the object store inside the stack's network. */
export function objectStoreUrl(system: System, store: ObjectStoreDeclaration): string {
  return `https://${store.service}:${row(system, store.service).port}`;
}

/** Credentials of the object store's only account, in the form of AWS' shared credentials file. */
export function objectStoreCredentials(secretKey: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.interpolate`[default]\naws_access_key_id = ${ACCESS_KEY}\naws_secret_access_key = ${secretKey}\n`;
}

/** What a client of the object store needs beside the authority's certificate: where it is, whom to trust, who it is. */
export function objectStoreClient(
  system: System,
  store: ObjectStoreDeclaration,
  secretKey: pulumi.Input<string>,
): { env: Record<string, string>; file: FileMount } {
  const credentials = "/run/secrets/aws-credentials";
  return {
    env: {
      AWS_ENDPOINT_URL_S3: objectStoreUrl(system, store),
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_SHARED_CREDENTIALS_FILE: credentials,
      AWS_CA_BUNDLE: AUTHORITY,
    },
    file: { path: credentials, kind: "secret", content: objectStoreCredentials(secretKey) },
  };
}

export function objectStoreSpec(system: System, store: ObjectStoreDeclaration, tls: ServerCertificate, secretKey: pulumi.Input<string>): ServiceSpec {
  const port = row(system, store.service).port;
  return {
    ...fromRow(system, store.service),
    user: 0,
    entrypoint: ["sh", "-c"],
    command: [objectStoreCommand(port!, OBJECT_STORE_VOLUME)],
    files: [
      { path: objectStorePaths.certificate, kind: "certificate", content: tls.certificate },
      { path: objectStorePaths.key, kind: "secret", content: tls.key },
      { path: objectStorePaths.secretKey, kind: "secret", content: secretKey },
    ],
    volumes: [{ volume: "objectStore", path: OBJECT_STORE_VOLUME }],
    health: { command: ["wget", "-q", "--no-check-certificate", "-O", "/dev/null", `https://localhost:${port}/health`], startup: "60s" },
    stopGrace: "60s",
  };
}

/** The job that makes the declared buckets. */
export function bucketsJob(system: System, store: ObjectStoreDeclaration, secretKey: pulumi.Input<string>, authority: pulumi.Input<string>): JobSpec {
  const client = objectStoreClient(system, store, secretKey);
  return {
    ...toolSpec("object-store-buckets", ["object-store-buckets", "--file", BUCKETS]),
    env: client.env,
    files: [{ path: BUCKETS, kind: "buckets", content: `${JSON.stringify(store.buckets, null, 2)}\n` }, client.file, authorityFile(authority)],
    needs: [store.service],
    deadline: "120s",
  };
}

/** An S3 server on a disk of the stack, with TLS (requirements: Parts; MLflow's artifacts lie on it). */
export class ObjectStore extends pulumi.ComponentResource {
  constructor(
    name: string,
    args: { system: System; store: ObjectStoreDeclaration; secrets: Secrets; authority: CertificateAuthority; backend: Backend },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("ultrathink:objectstore:ObjectStore", name, {}, opts);
    const { system, store, secrets, authority, backend } = args;
    const secretKey = secrets.password(store.service);
    const tls = authority.server(store.service, [store.service, `${system.containerPrefix}${store.service}`, "localhost"]);
    backend.service(objectStoreSpec(system, store, tls, secretKey), { parent: this });
    backend.job(bucketsJob(system, store, secretKey, authority.certificate), { parent: this, completes: store.service });
    this.registerOutputs({});
  }
}
