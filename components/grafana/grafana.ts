import * as pulumi from "@pulumi/pulumi";
import type { System } from "../../systems/declaration";
import type { Backend } from "../backends/backend";
import { authorityFile } from "../authority";
import type { CertificateAuthority } from "../certificates";
import { dataVolume, externalUrl, type ObservabilityEnvironment } from "../observability/environment";
import { fromRow, row } from "../resources";
import type { Secrets } from "../secrets";
import type { ServiceSpec } from "../spec";
import { weeklyRestart } from "../weekly-restart";
import { dashboards } from "./dashboards";
import { DATABASE_PASSWORD_FILE, DATABASE_ROLE, datasourcesYaml } from "./datasources";
import { dashboardsYaml } from "./provisioning";

const ADMIN_PASSWORD_FILE = "/run/secrets/grafana-admin";
const PROVISIONING = "/etc/grafana/provisioning";
const DASHBOARDS = "/etc/grafana/dashboards";

export interface GrafanaSpecArgs {
  system: System;
  env: ObservabilityEnvironment;
  adminPassword: pulumi.Input<string>;
  /** Password of the database role `grafana` and the PEM of whom to trust there; needed where the system has a database. */
  database?: { password: pulumi.Input<string>; authority: pulumi.Input<string> };
}

/** Grafana, whole from files: nothing in its own database is worth a backup. */
export function grafanaSpec({ system, env, adminPassword, database }: GrafanaSpecArgs): ServiceSpec {
  const { service } = system.observability.grafana;
  const { port, weeklyRestart: at } = row(system, service);
  const pages = dashboards(system, env.docsUrl);
  const path = (uid: string) => `${DASHBOARDS}/${uid}.json`;
  return {
    ...fromRow(system, service),
    ...(at ? weeklyRestart(at, ["/run.sh"]) : {}),
    user: 472,
    env: {
      GF_SERVER_ROOT_URL: externalUrl(system, env, service),
      GF_SECURITY_ADMIN_USER: "admin",
      GF_SECURITY_ADMIN_PASSWORD__FILE: ADMIN_PASSWORD_FILE,
      GF_SECURITY_DISABLE_GRAVATAR: "true",
      GF_AUTH_ANONYMOUS_ENABLED: "false",
      GF_USERS_ALLOW_SIGN_UP: "false",
      GF_SNAPSHOTS_EXTERNAL_ENABLED: "false",
      GF_ANALYTICS_REPORTING_ENABLED: "false",
      GF_ANALYTICS_CHECK_FOR_UPDATES: "false",
      GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: "false",
      GF_NEWS_NEWS_FEED_ENABLED: "false",
      // Version 12 otherwise downloads apps at its first start.
      GF_PLUGINS_PREINSTALL_DISABLED: "true",
      GF_PLUGINS_PLUGIN_ADMIN_ENABLED: "false",
      // Rules are Prometheus' and routes Alertmanager's; a second engine beside them would have none.
      GF_UNIFIED_ALERTING_ENABLED: "false",
      GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: path(pages[0]!.uid),
      GF_LOG_MODE: "console",
      GF_LOG_CONSOLE_FORMAT: "json",
    },
    files: [
      { path: ADMIN_PASSWORD_FILE, kind: "secret", content: adminPassword },
      ...(database ? [{ path: DATABASE_PASSWORD_FILE, kind: "secret" as const, content: database.password }, authorityFile(database.authority)] : []),
      { path: `${PROVISIONING}/datasources/${system.name}.yaml`, kind: "grafana-provisioning", content: datasourcesYaml(system) },
      { path: `${PROVISIONING}/dashboards/${system.name}.yaml`, kind: "grafana-provisioning", content: dashboardsYaml(system, DASHBOARDS) },
      ...pages.map(({ uid, json }) => ({ path: path(uid), kind: "grafana-dashboard" as const, content: json })),
    ],
    volumes: [{ volume: dataVolume(system, service), path: "/var/lib/grafana" }],
    health: { command: ["wget", "-q", "-O", "/dev/null", `http://localhost:${port}/api/health`], startup: "120s" },
    stopGrace: "60s",
  };
}

export interface GrafanaArgs extends ObservabilityEnvironment {
  system: System;
  secrets: Secrets;
  authority: CertificateAuthority;
  backend: Backend;
}

/** Grafana with the system's data sources and pages (runbook: Weekly Tasks 7, dashboards). */
export class Grafana extends pulumi.ComponentResource {
  constructor(name: string, args: GrafanaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ultrathink:grafana:Grafana", name, {}, opts);
    const { system, secrets, authority, backend } = args;
    const spec = grafanaSpec({
      system,
      env: args,
      adminPassword: secrets.password(system.observability.grafana.service),
      database: system.database && { password: secrets.password(`postgres-${DATABASE_ROLE}`), authority: authority.certificate },
    });
    backend.service(spec, { parent: this });
    this.registerOutputs({});
  }
}
