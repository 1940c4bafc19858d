import * as pulumi from "@pulumi/pulumi";
import type { DatabaseDeclaration, System } from "../../systems/declaration";
import type { Backend } from "../backends/backend";
import { authorityFile, type ServerCertificate } from "../authority";
import type { CertificateAuthority } from "../certificates";
import { projectFile } from "../project-file";
import { archiverFiles, pgbackrestConfig } from "../backup/files";
import { backupPlan, STANZA } from "../backup/plan";
import type { VaultClient } from "../backup/vault";
import { fromRow } from "../resources";
import type { Secrets } from "../secrets";
import type { FileMount, JobSpec, ServiceSpec } from "../spec";
import { databaseClient } from "./client";
import { POSTGRES_SOCKET, POSTGRES_VOLUME, SOCKET_VOLUME } from "./paths";
import { databaseSql, passwordFile } from "./sql";
import { START, startScript } from "./start";
import { tlsFiles, tlsSettings } from "./tls";

/** User of timescaledb-ha's own `postgres` account. */
const USER = 1000;

export interface TimescaleDbArgs {
  system: System;
  database: DatabaseDeclaration;
  secrets: Secrets;
  authority: CertificateAuthority;
  backend: Backend;
  /** Where the WAL is archived. @default - nowhere */
  vault?: VaultClient;
}

/** Settings by which the server hands its WAL to pgBackRest: every segment, and at least once a minute. */
const archiving: Record<string, string> = {
  archive_mode: "on",
  archive_command: `pgbackrest --stanza=${STANZA} archive-push %p`,
  archive_timeout: "60s",
};

/**
 * The server: trusted over the container's socket, TLS and scram over TCP.
 *
 * @param archiver files by which it archives to the vault; absent: it archives nothing
 */
export function serverSpec(
  system: System,
  database: DatabaseDeclaration,
  superuserPassword: pulumi.Input<string>,
  tls: ServerCertificate,
  archiver?: FileMount[],
): ServiceSpec {
  const settings = { ...database.settings, ...tlsSettings, ...(archiver ? archiving : {}) };
  return {
    ...fromRow(system, database.service),
    user: USER,
    sharedMemory: database.sharedMemory,
    entrypoint: [START],
    command: ["postgres", ...Object.entries(settings).flatMap(([key, value]) => ["-c", `${key}=${value}`])],
    env: {
      POSTGRES_USER: database.superuser,
      POSTGRES_DB: database.database,
      POSTGRES_PASSWORD_FILE: passwordFile(database.superuser),
      POSTGRES_INITDB_ARGS: "--auth-local=trust --auth-host=scram-sha-256 --data-checksums",
      TIMESCALEDB_TELEMETRY: "off",
      NO_TS_TUNE: "true",
    },
    files: [
      { path: passwordFile(database.superuser), kind: "secret", content: superuserPassword },
      { path: START, kind: "script", executable: true, content: startScript(database.superuser) },
      ...tlsFiles(tls),
      ...(archiver ?? []),
    ],
    volumes: [{ volume: "timescale", path: POSTGRES_VOLUME }],
    scratch: archiver ? [{ volume: SOCKET_VOLUME, path: POSTGRES_SOCKET }] : [],
    // Over TCP: during its first start the image runs a temporary server that listens on the socket alone.
    health: { command: ["pg_isready", "-q", "-h", "127.0.0.1", "-U", database.superuser, "-d", database.database], startup: "120s" },
    stopGrace: "120s",
    // PostgreSQL's fast shutdown; on SIGTERM it would wait for every client to leave.
    stopSignal: "SIGINT",
    writes: ["/var/run/postgresql"],
    account: "postgres",
  };
}

/** The job that brings tables, policies, roles and passwords up to the declaration. */
export function schemaJob(
  system: System,
  database: DatabaseDeclaration,
  superuser: pulumi.Input<string>,
  passwords: Record<string, pulumi.Input<string>>,
  authority: pulumi.Input<string>,
): JobSpec {
  const sql = "/etc/ultrathink/database.sql";
  const client = databaseClient(system, database.superuser, superuser);
  return {
    name: `${database.service}-schema`,
    image: "timescaledb",
    user: USER,
    cpu: 0.5,
    memory: "256M",
    reserved: "64M",
    entrypoint: ["psql"],
    command: ["--no-psqlrc", "--quiet", "--file", sql],
    env: client.env,
    files: [
      { path: sql, kind: "sql", content: databaseSql(database, projectFile(database.schema)) },
      client.file,
      authorityFile(authority),
      ...Object.entries(passwords).map(([role, content]) => ({ path: passwordFile(role), kind: "secret" as const, content })),
    ],
    needs: [database.service],
    deadline: "120s",
  };
}

/** TimescaleDB with its databases, roles and schema (runbook: Common Failure Scenarios 1; requirements: Parts). */
export class TimescaleDb extends pulumi.ComponentResource {
  constructor(name: string, args: TimescaleDbArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ultrathink:timescaledb:TimescaleDb", name, {}, opts);
    const { system, database, secrets, authority, backend, vault } = args;
    const superuser = secrets.password(`postgres-${database.superuser}`);
    const plan = vault && backupPlan(system)!;
    const archiver = plan && [pgbackrestConfig(plan), ...vault.files(archiverFiles(plan))];
    const { service } = database;
    const tls = authority.server(service, [service, `${system.containerPrefix}${service}`, "localhost"]);
    backend.service(serverSpec(system, database, superuser, tls, archiver), { parent: this });
    const passwords = Object.fromEntries(database.roles.map(role => [role.name, secrets.password(`postgres-${role.name}`)]));
    backend.job(schemaJob(system, database, superuser, passwords, authority.certificate), { parent: this, completes: service });
    this.registerOutputs({});
  }
}
