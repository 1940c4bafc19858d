import type { Input } from "@pulumi/pulumi";
import type { DatabaseDeclaration, System } from "../../systems/declaration";
import { AUTHORITY, authorityFile } from "../authority";
import { fromRow } from "../resources";
import type { ServiceSpec } from "../spec";
import { metricsPort } from "./environment";
import { answers } from "./exporter-health";

const PASSWORD = "/run/secrets/exporter-password";

/** postgres_exporter, under the role that may only monitor. */
export function postgresExporterSpec(system: System, database: DatabaseDeclaration, password: Input<string>, authority: Input<string>): ServiceSpec {
  const { service } = system.observability.exporters.postgres;
  const port = metricsPort(system, service);
  return {
    ...fromRow(system, service),
    entrypoint: ["/bin/postgres_exporter"],
    command: [`--web.listen-address=:${port}`],
    env: {
      DATA_SOURCE_URI: `${database.service}:5432/${database.database}?sslmode=verify-full&sslrootcert=${AUTHORITY}`,
      DATA_SOURCE_USER: "exporter",
      DATA_SOURCE_PASS_FILE: PASSWORD,
    },
    user: 65534,
    files: [{ path: PASSWORD, kind: "secret", content: password }, authorityFile(authority)],
    health: { command: answers(port, "pg_up"), startup: "60s" },
    stopGrace: "10s",
  };
}
