import * as pulumi from "@pulumi/pulumi";
import type { System, WorkloadDeclaration } from "../systems/declaration";
import type { Backend } from "./backends/backend";
import { authorityFile } from "./authority";
import type { CertificateAuthority } from "./certificates";
import { kafkaClient } from "./kafka/client";
import { fromRow, row } from "./resources";
import type { Secrets } from "./secrets";
import type { JobSpec, ServiceSpec } from "./spec";
import { databaseClient } from "./timescaledb/client";

/** User of the workloads' image. */
export const WORKLOAD_USER = 10001;
/** Role that the workloads use; it owns nothing. */
export const DATABASE_ROLE = "ultrathink_app";

/** What every one-shot job of the workloads' image has in common. */
export function toolSpec(name: string, command: string[]): Omit<JobSpec, "needs" | "deadline"> {
  return { name, image: "workloads", user: WORKLOAD_USER, cpu: 0.5, memory: "256M", reserved: "64M", command, tmpfs: { "/tmp": "16M" } };
}

/** Names and addresses of what a workload talks to, in the workload's own words: of its edges alone, since those of all would grow with the square. */
function environment(system: System, name: string): Record<string, string> {
  const url = (service: string) => `http://${service}:${row(system, service).port}`;
  const { needs = [], uses = [] } = row(system, name);
  const peers = [...needs, ...uses].filter(peer => system.workloads[peer] && row(system, peer).port !== undefined);
  return {
    SERVICE_NAME: name,
    LOG_LEVEL: "INFO",
    REDIS_HOST: "redis",
    REDIS_PASSWORD_FILE: "/run/secrets/redis-password",
    MLFLOW_TRACKING_URI: system.mlflow ? url(system.mlflow.service) : "",
    ...Object.fromEntries(peers.map(peer => [`${peer.toUpperCase().replaceAll("-", "_")}_URL`, url(peer)])),
    CIRCUIT_BREAKER_FAILURE_THRESHOLD: "5",
    CIRCUIT_BREAKER_WINDOW_SECONDS: "60",
    CIRCUIT_BREAKER_TIMEOUT_SECONDS: "60",
  };
}

export interface WorkloadSpecArgs {
  system: System;
  name: string;
  workload: WorkloadDeclaration;
  /** Settings of the chosen profile, over the workload's own. */
  profile: Record<string, string>;
  secrets: Secrets;
  /** PEM of the stack's authority. */
  authority: pulumi.Input<string>;
}

export function workloadSpec({ system, name, workload, profile, secrets, authority }: WorkloadSpecArgs): ServiceSpec {
  const { port, gpu } = row(system, name);
  const database = databaseClient(system, DATABASE_ROLE, secrets.password(`postgres-${DATABASE_ROLE}`));
  const kafka = system.kafka ? kafkaClient(system, system.kafka, secrets) : { env: { KAFKA_BOOTSTRAP_SERVERS: "" }, files: [] };
  const celery = workload.kind === "celery-worker";
  return {
    ...fromRow(system, name),
    user: WORKLOAD_USER,
    command: [name],
    env: {
      ...environment(system, name),
      ...kafka.env,
      ...database.env,
      ...(port === undefined ? {} : { PORT: String(port) }),
      ...(celery ? { CELERY_BROKER_HOST: "redis-queue", CELERY_BROKER_PASSWORD_FILE: "/run/secrets/redis-queue-password" } : {}),
      // Inside the container the granted device is always number 0, whichever it is on the host.
      ...(gpu ? { CUDA_VISIBLE_DEVICES: "0" } : {}),
      ...workload.env,
      ...profile,
    },
    files: [
      database.file,
      ...kafka.files,
      authorityFile(authority),
      { path: "/run/secrets/redis-password", kind: "secret", content: secrets.password("redis") },
      ...(celery ? [{ path: "/run/secrets/redis-queue-password", kind: "secret" as const, content: secrets.password("redis-queue") }] : []),
    ],
    tmpfs: { "/tmp": "64M" },
    health: celery
      ? {
          command: ["sh", "-c", "celery -A tasks inspect ping --destination celery@$HOSTNAME --timeout 10"],
          interval: "30s",
          timeout: "25s",
          startup: "180s",
        }
      : { command: ["curl", "-fsS", "--max-time", "4", "-o", "/dev/null", `http://localhost:${port}/health`], startup: "120s", alive: "/live" },
    stopGrace: celery ? "60s" : "30s",
  };
}

/** One of the platform's workloads (runbook: Service Architecture). */
export class Workload extends pulumi.ComponentResource {
  constructor(
    name: string,
    args: Omit<WorkloadSpecArgs, "name" | "authority"> & { authority: CertificateAuthority; backend: Backend },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("ultrathink:workload:Workload", name, {}, opts);
    args.backend.service(workloadSpec({ ...args, name, authority: args.authority.certificate }), { parent: this });
    this.registerOutputs({});
  }
}
