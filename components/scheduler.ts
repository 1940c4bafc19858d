import * as pulumi from "@pulumi/pulumi";
import type { ScheduledJob, System } from "../systems/declaration";
import type { Backend } from "./backends/backend";
import { authorityFile } from "./authority";
import type { CertificateAuthority } from "./certificates";
import { metricsPort } from "./observability/environment";
import { fromRow, row } from "./resources";
import type { Secrets } from "./secrets";
import type { FileMount, ScheduleSpec, ServiceSpec } from "./spec";
import { databaseClient } from "./timescaledb/client";
import { WORKLOAD_USER } from "./workload";

const CRONTAB = "/etc/ultrathink/crontab";
const ROLE = "scheduler";
const GRAFANA_PASSWORD_FILE = "/run/secrets/grafana-admin";
/** Longest run of a job; the next start of each is hours away. */
const DEADLINE = "1h";

type SchedulerDeclaration = NonNullable<System["scheduler"]>;

/** The declared jobs in cron's grammar, UTC. */
export function crontab(jobs: ScheduledJob[]): string {
  return jobs.map(({ purpose, schedule, command }) => `# ${purpose}\n${schedule} workload ${command.join(" ")}\n`).join("");
}

type TaskSpec = Pick<ServiceSpec, "image" | "user" | "cpu" | "memory" | "reserved" | "external" | "env" | "files" | "tmpfs">;

/** What every job gets, whoever starts it: limits of the scheduler's row, its database role, and where the others are. */
function taskSpec(system: System, scheduler: SchedulerDeclaration, secrets: Secrets, authority: pulumi.Input<string>): TaskSpec {
  const { image, cpu, memory, reserved, external } = fromRow(system, scheduler.service);
  const database = databaseClient(system, ROLE, secrets.password(`postgres-${ROLE}`));
  const url = (service: string) => `http://${service}:${row(system, service).containerPort ?? row(system, service).port}`;
  const { prometheus, loki, grafana } = system.observability;
  const dashboards: { env: Record<string, string>; files: FileMount[] } = system.services[grafana.service]
    ? {
        env: { GRAFANA_URL: url(grafana.service), GRAFANA_PASSWORD_FILE },
        files: [{ path: GRAFANA_PASSWORD_FILE, kind: "secret", content: secrets.password(grafana.service) }],
      }
    : { env: {}, files: [] };
  return {
    ...{ image, cpu, memory, reserved, external },
    user: WORKLOAD_USER,
    env: {
      ...database.env,
      SERVICE_NAME: scheduler.service,
      TZ: "UTC",
      PROMETHEUS_URL: url(prometheus.service),
      LOKI_URL: url(loki.service),
      ...dashboards.env,
      ...(system.mlflow ? { MLFLOW_TRACKING_URI: url(system.mlflow.service) } : {}),
    },
    files: [database.file, authorityFile(authority), ...dashboards.files],
    tmpfs: { "/tmp": "64M" },
  };
}

/** The service that runs all jobs where nothing else can start them. */
export function schedulerSpec(system: System, scheduler: SchedulerDeclaration, secrets: Secrets, authority: pulumi.Input<string>): ServiceSpec {
  const task = taskSpec(system, scheduler, secrets, authority);
  const metrics = metricsPort(system, scheduler.service);
  return {
    ...fromRow(system, scheduler.service),
    ...task,
    command: ["scheduler"],
    env: { ...task.env, CRONTAB, METRICS_PORT: String(metrics) },
    files: [{ path: CRONTAB, kind: "crontab", content: crontab(scheduler.jobs) }, ...(task.files ?? [])],
    health: { command: ["curl", "-fsS", "--max-time", "4", "-o", "/dev/null", `http://localhost:${metrics}/health`], startup: "60s" },
    stopGrace: "30s",
  };
}

/** The declared jobs one by one. */
export function scheduleSpecs(system: System, scheduler: SchedulerDeclaration, secrets: Secrets, authority: pulumi.Input<string>): ScheduleSpec[] {
  const task = taskSpec(system, scheduler, secrets, authority);
  const { needs, uses } = row(system, scheduler.service);
  return scheduler.jobs.map(({ name, schedule, command, purpose }) => ({
    ...task,
    ...{ name, schedule, command, purpose },
    deadline: DEADLINE,
    reaches: [...(needs ?? []), ...(uses ?? [])],
  }));
}

/** Runs the declared jobs by their schedule (runbook: Maintenance Procedures). Nothing of it mounts Docker's socket. */
export class Scheduler extends pulumi.ComponentResource {
  constructor(
    name: string,
    args: { system: System; scheduler: SchedulerDeclaration; secrets: Secrets; authority: CertificateAuthority; backend: Backend },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("ultrathink:scheduler:Scheduler", name, {}, opts);
    const { system, scheduler, secrets, authority, backend } = args;
    const runner = () => schedulerSpec(system, scheduler, secrets, authority.certificate);
    backend.schedules(scheduleSpecs(system, scheduler, secrets, authority.certificate), runner, { parent: this });
    this.registerOutputs({});
  }
}
