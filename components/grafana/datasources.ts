import { stringify } from "yaml";
import type { System } from "../../systems/declaration";
import { AUTHORITY } from "../authority";
import { row } from "../resources";

/** Data sources that panels may query; the name is also the uid. */
export type DatasourceName = "prometheus" | "loki" | "timescaledb";

/** Grafana's plugin ids. */
export const datasourceTypes: Record<DatasourceName, string> = {
  prometheus: "prometheus",
  loki: "loki",
  timescaledb: "grafana-postgresql-datasource",
};

/** Database role of Grafana; it may only read. */
export const DATABASE_ROLE = "grafana";

/** Where the role's password lies in the container; Grafana reads it itself, so no environment or config text holds it. */
export const DATABASE_PASSWORD_FILE = "/run/secrets/postgres-grafana";

interface Datasource {
  name: string;
  uid: DatasourceName;
  type: string;
  access: "proxy";
  url: string;
  isDefault?: boolean;
  editable: false;
  user?: string;
  jsonData?: Record<string, unknown>;
  secureJsonData?: Record<string, string>;
}

/** The data sources that this system's services can be. */
export function datasources(system: System): Datasource[] {
  const { prometheus, loki } = system.observability;
  const found: Datasource[] = [];
  const add = (uid: DatasourceName, service: string, scheme: string, rest: Omit<Datasource, "uid" | "type" | "access" | "editable" | "url">) => {
    if (!system.services[service]) return;
    found.push({
      uid,
      type: datasourceTypes[uid],
      access: "proxy",
      editable: false,
      url: `${scheme}${service}:${row(system, service).port}`,
      ...rest,
    });
  };
  add("prometheus", prometheus.service, "http://", {
    name: "Prometheus",
    isDefault: true,
    // The scrape interval is the least step that has new data; $__rate_interval is four of them.
    jsonData: { httpMethod: "POST", timeInterval: prometheus.scrapeInterval, prometheusType: "Prometheus" },
  });
  add("loki", loki.service, "http://", { name: "Loki", jsonData: { maxLines: 1000 } });
  const { database } = system;
  if (database?.engine === "timescaledb") {
    add("timescaledb", database.service, "", {
      name: "TimescaleDB",
      user: DATABASE_ROLE,
      jsonData: {
        database: database.database,
        sslmode: "verify-full",
        tlsConfigurationMethod: "file-path",
        sslRootCertFile: AUTHORITY,
        timescaledb: true,
        postgresVersion: 1700,
        // A page that many people keep open must not take the workloads' connections.
        maxOpenConns: 5,
        maxIdleConns: 2,
        connMaxLifetime: 14400,
      },
      secureJsonData: { password: `$__file{${DATABASE_PASSWORD_FILE}}` },
    });
  }
  return found;
}

/** Provisioning file of the data sources. */
export function datasourcesYaml(system: System): string {
  return stringify({ apiVersion: 1, prune: true, datasources: datasources(system) });
}
