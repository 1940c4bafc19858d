import * as pulumi from "@pulumi/pulumi";
import type { System } from "../../systems/declaration";
import { AUTHORITY } from "../authority";
import type { FileMount } from "../spec";

/** What a client hands to its driver, and the file with its password. Beside it the client needs the authority's certificate. */
export interface DatabaseClient {
  env: Record<string, string>;
  file: FileMount;
}

/**
 * How a client of libpq knows the server, which refuses whoever comes without TLS, and gets its password: by a service file, which libpq adds to what
 * the environment and the connection string say. Not by a password file, which libpq ignores unless the process owns it: secret files belong to root.
 */
export function libpqClient(password: pulumi.Input<string>): DatabaseClient {
  const path = "/run/secrets/pg_service.conf";
  return {
    env: { PGSERVICE: "stack", PGSERVICEFILE: path, PGSSLMODE: "verify-full", PGSSLROOTCERT: AUTHORITY },
    file: { path, kind: "secret", content: pulumi.interpolate`[stack]\npassword=${password}\n` },
  };
}

/** The same with the server's address, for a role in the system's own database. */
export function databaseClient({ database }: System, role: string, password: pulumi.Input<string>): DatabaseClient {
  const { env, file } = libpqClient(password);
  return { env: { PGHOST: database!.service, PGUSER: role, PGDATABASE: database!.database, ...env }, file };
}
