import { CONTAINER, type Container } from "../../../policies/docker";
import { rule } from "../../../policies/rules/timescaledb-enforce-tls";
import { UNKNOWN, container, deployment, describeContainerRule, judgeStack, object, resource } from "../support";

const HBA = "/etc/postgresql/pg_hba.conf";
const good = "local all all trust\nhostssl all all all scram-sha-256\n";

function server(hba = good, settings: Record<string, string> = { ssl: "on", hba_file: HBA }): Container {
  return container({
    command: ["postgres", ...Object.entries(settings).flatMap(([key, value]) => ["-c", `${key}=${value}`])],
    labels: [{ label: "dev.ultrathink.config.pg-hba", value: HBA }],
    uploads: [{ file: HBA, content: hba }],
  });
}
const client = (...envs: string[]) => container({ name: "ultrathink-mlflow", envs });
const ofServer = (found: string, mend: string) => `container "ultrathink-timescaledb": ${found}. ${mend}.`;
const noFile = (hba: string) => ofServer(`hba_file is ${hba}`, "Give the server its pg_hba.conf as a config file of kind pg-hba and name its path");
const noTls = (ssl: string) => ofServer(`ssl is ${ssl}, on is required`, "Start the server with ssl=on, a certificate and its key");
const line = (type: string) => ofServer(`${HBA} has a line of type ${type}, local and hostssl are allowed`, "Make it hostssl, or remove it");
const proof = (method: string) =>
  ofServer(`${HBA} lets clients in from the network by ${method}, scram-sha-256 or cert is required`, "Name one of them");
const mode = (found: string) =>
  `container "ultrathink-mlflow": sslmode of its connections is ${found}, verify-full is required. Set PGSSLMODE or the address' sslmode to it.`;

describeContainerRule(rule, {
  reports: {
    "PostgreSQL's default, which is no TLS": [server(good, { hba_file: HBA }), [noTls("not set")]],
    "TLS that is off": [server(good, { ssl: "off", hba_file: HBA }), [noTls("off")]],
    "the pg_hba.conf in the data, which nobody can read": [server(good, { ssl: "on" }), [noFile("not set")]],
    "a pg_hba.conf that the stack does not give": [
      server(good, { ssl: "on", hba_file: "/tmp/x" }),
      [noFile("/tmp/x, where no readable config file of kind pg-hba is")],
    ],
    "a line that takes TLS or not": [server(`${good}host all all all scram-sha-256\n`), [line("host")]],
    "a line for those without TLS": [server(`${good}hostnossl all all 10.0.0.0/8 scram-sha-256\n`), [line("hostnossl")]],
    "a file that reads another": [server(`${good}include /tmp/hba\n`), [line("include")]],
    "trust over the network": [server("hostssl all all all trust\n"), [proof("trust")]],
    "a password that is sent": [server("hostssl all all all password\n"), [proof("password")]],
    "a client that takes what it gets": [client("PGHOST=timescaledb"), [mode("not set")]],
    "a client that does not look at the name": [client("PGSERVICE=stack", "PGSSLMODE=verify-ca"), [mode("verify-ca")]],
    "an exporter without TLS": [client("DATA_SOURCE_URI=timescaledb:5432/x?sslmode=disable"), [mode("disable")]],
  },
  accepts: {
    "a compliant container": server(),
    "clients with certificates": server("hostssl all all all cert\n"),
    "clients that verify": client("PGHOST=timescaledb", "PGSSLMODE=verify-full", "DATA_SOURCE_URI=x/y?sslmode=verify-full&sslrootcert=/ca"),
  },
  leavesOpen: { "a pg_hba.conf that is not known yet": server(UNKNOWN) },
});

it("judges servers and clients on Kubernetes alike", () => {
  const workload = deployment({}, { env: [{ name: "PGHOST", value: "timescaledb" }] });
  const stack = [object("kubernetes:apps/v1:Deployment", "data-service", workload.spec!), resource(CONTAINER, server())];
  expect(judgeStack(rule, stack).violations).toEqual([expect.stringContaining("sslmode of its connections is not set")]);
});
