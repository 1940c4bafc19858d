import * as pulumi from "@pulumi/pulumi";
import type { MlflowDeclaration, ObjectStoreDeclaration, System } from "../systems/declaration";
import type { Backend } from "./backends/backend";
import { authorityFile } from "./authority";
import type { CertificateAuthority } from "./certificates";
import { objectStoreClient } from "./object-store";
import { fromRow, row } from "./resources";
import type { Secrets } from "./secrets";
import type { FileMount, ServiceSpec } from "./spec";
import { libpqClient } from "./timescaledb/client";

export interface MlflowSpecArgs {
  system: System;
  mlflow: MlflowDeclaration;
  /** Host of the backend store. */
  databaseHost: string;
  password: pulumi.Input<string>;
  artifacts: { env: Record<string, string>; file: FileMount };
  /** PEM of the authority whose certificates database and artifact store have. */
  authority: pulumi.Input<string>;
  /** Port on the host, which clients there put into their Host header. */
  publishedPort: number;
}

/** /health is exempt from the host check, so the probe also makes a call of the API under the service's own name. */
const healthScript = (url: string, host: string) => `#!/usr/bin/env python3
import json, urllib.request
urllib.request.urlopen("${url}/health", timeout=4)
body = json.dumps({"max_results": 1}).encode()
headers = {"Host": "${host}", "Content-Type": "application/json"}
urllib.request.urlopen(urllib.request.Request("${url}/api/2.0/mlflow/experiments/search", body, headers), timeout=8)
`;

/** The tracking server, with job execution off and few workers: its defaults take 2.2 GB, these 605 MB. */
export function mlflowSpec({ system, mlflow, databaseHost, password, artifacts, authority, publishedPort }: MlflowSpecArgs): ServiceSpec {
  const name = mlflow.service;
  const port = row(system, name).port!;
  const store = `postgresql+psycopg2://${mlflow.database}@${databaseHost}:5432/${mlflow.database}`;
  const hosts = [name, `${system.containerPrefix}${name}`, "localhost", "127.0.0.1"].flatMap(host => [host, `${host}:${port}`]);
  const server = [
    `mlflow server --host 0.0.0.0 --port ${port} --workers ${mlflow.workers}`,
    `--backend-store-uri ${store} --artifacts-destination s3://${mlflow.bucket} --expose-prometheus /tmp/metrics`,
  ].join(" ");
  const database = libpqClient(password);
  return {
    ...fromRow(system, name),
    user: 10001,
    entrypoint: ["sh", "-c"],
    command: [`mlflow db upgrade ${store} && exec ${server}`],
    env: {
      HOME: "/tmp",
      ...database.env,
      MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false",
      MLFLOW_SERVER_ALLOWED_HOSTS: [...new Set([...hosts, `localhost:${publishedPort}`, `127.0.0.1:${publishedPort}`])].join(","),
      // MLflow hands this endpoint to boto3 itself.
      MLFLOW_S3_ENDPOINT_URL: artifacts.env.AWS_ENDPOINT_URL_S3!,
      ...artifacts.env,
    },
    files: [
      database.file,
      artifacts.file,
      authorityFile(authority),
      {
        path: "/usr/local/bin/mlflow-healthy",
        kind: "script",
        executable: true,
        content: healthScript(`http://localhost:${port}`, `${name}:${port}`),
      },
    ],
    health: { command: ["mlflow-healthy"], interval: "30s", timeout: "15s", startup: "240s" },
    stopGrace: "30s",
  };
}

/** MLflow's tracking server and model registry (runbook: Common Failure Scenarios 4). */
export class Mlflow extends pulumi.ComponentResource {
  constructor(
    name: string,
    args: {
      system: System;
      mlflow: MlflowDeclaration;
      databaseHost: string;
      store: ObjectStoreDeclaration;
      secrets: Secrets;
      authority: CertificateAuthority;
      backend: Backend;
      portOffset: number;
    },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("ultrathink:mlflow:Mlflow", name, {}, opts);
    const { system, mlflow, databaseHost, store, secrets, authority, backend, portOffset } = args;
    const role = mlflow.database;
    backend.service(
      mlflowSpec({
        system,
        mlflow,
        databaseHost,
        password: secrets.password(`postgres-${role}`),
        artifacts: objectStoreClient(system, store, secrets.password(store.service)),
        authority: authority.certificate,
        publishedPort: row(system, mlflow.service).port! + portOffset,
      }),
      { parent: this },
    );
    this.registerOutputs({});
  }
}
