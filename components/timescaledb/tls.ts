import type { ServerCertificate } from "../authority";
import type { FileMount } from "../spec";

const HBA = "/etc/postgresql/pg_hba.conf";
const CERTIFICATE = "/etc/ssl/ultrathink/server.crt";
const KEY = "/run/secrets/server.key";

/** Settings by which the server speaks TLS and reads who may connect from a file of the stack's, not from its data. */
export const tlsSettings: Record<string, string> = { ssl: "on", ssl_cert_file: CERTIFICATE, ssl_key_file: KEY, hba_file: HBA };

/** Who may connect: anybody in the container over its socket (runbook: `docker exec … psql -U ultrathink`), nobody over the network without TLS. */
const hba = ["local all all trust", "hostssl all all all scram-sha-256", ""].join("\n");

/** The files that {@link tlsSettings} name. */
export const tlsFiles = ({ key, certificate }: ServerCertificate): FileMount[] => [
  { path: HBA, kind: "pg-hba", content: hba },
  { path: CERTIFICATE, kind: "certificate", content: certificate },
  { path: KEY, kind: "secret", content: key },
];
