import * as pulumi from "@pulumi/pulumi";
import type { ScheduledJob, System } from "../systems/declaration";
import type { Backend } from "./backends/backend";
import { metricsPort } from "./observability/environment";
import { fromRow, row } from "./resources";
import type { Secrets } from "./secrets";
import type { FileMount, ServiceSpec } from "./spec";
import { databaseClient, WORKLOAD_USER } from "./workload";

const CRONTAB = "/etc/ultrathink/crontab";
const ROLE = "scheduler";
const GRAFANA_PASSWORD_FILE = "/run/secrets/grafana-admin";

/** The declared jobs in cron's grammar, UTC. */
export function crontab(jobs: ScheduledJob[]): string {
  return jobs.map(({ purpose, schedule, command }) => `# ${purpose}\n${schedule} workload ${command.join(" ")}\n`).join("");
}

export function schedulerSpec(system: System, scheduler: { service: string; jobs: ScheduledJob[] }, secrets: Secrets): ServiceSpec {
  const metrics = metricsPort(system, scheduler.service);
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
    ...fromRow(system, scheduler.service),
    user: WORKLOAD_USER,
    command: ["scheduler"],
    env: {
      ...database.env,
      SERVICE_NAME: scheduler.service,
      TZ: "UTC",
      CRONTAB,
      METRICS_PORT: String(metrics),
      PROMETHEUS_URL: url(prometheus.service),
      LOKI_URL: url(loki.service),
      ...dashboards.env,
      ...(system.mlflow ? { MLFLOW_TRACKING_URI: url(system.mlflow.service) } : {}),
    },
    files: [{ path: CRONTAB, kind: "crontab", content: crontab(scheduler.jobs) }, ...database.files, ...dashboards.files],
    tmpfs: { "/tmp": "64M" },
    health: { command: ["curl", "-fsS", "--max-time", "4", "-o", "/dev/null", `http://localhost:${metrics}/health`], startup: "60s" },
    stopGrace: "30s",
  };
}

/** Runs the declared jobs by their schedule (runbook: Maintenance Procedures). Nothing of it mounts Docker's socket. */
export class Scheduler extends pulumi.ComponentResource {
  constructor(
    name: string,
    args: { system: System; scheduler: { service: string; jobs: ScheduledJob[] }; secrets: Secrets; backend: Backend },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("ultrathink:scheduler:Scheduler", name, {}, opts);
    args.backend.service(schedulerSpec(args.system, args.scheduler, args.secrets), { parent: this });
    this.registerOutputs({});
  }
}
