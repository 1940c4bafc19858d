import { serverSpec } from "../../../components/timescaledb/timescaledb";
import { databaseClient } from "../../../components/timescaledb/client";
import { startScript } from "../../../components/timescaledb/start";
import { ultrathink } from "../../../systems/ultrathink";

const archiver = [{ path: "/etc/pgbackrest/pgbackrest.conf", kind: "pgbackrest", content: "[global]" }] as const;
const spec = (...files: Parameters<typeof serverSpec>[4][]) =>
  serverSpec(ultrathink, ultrathink.database!, "a-password", { key: "a-key", certificate: "a-certificate" }, ...files);

test("with a vault every WAL segment goes there, at least once a minute, and the socket is shared with the sidecar", () => {
  const { command, files, scratch, external } = spec([...archiver]);
  expect(command!.join(" ")).toMatch(/-c archive_mode=on -c archive_command=pgbackrest --stanza=ultrathink archive-push %p -c archive_timeout=60s$/);
  expect(files).toEqual(expect.arrayContaining([...archiver]));
  expect(scratch).toEqual([{ volume: "timescale_socket", path: "/var/run/postgresql" }]);
  expect(external).toEqual(["vault"]);
});

test("without one nothing is archived: WAL would fill the disk", () => {
  const { command, scratch } = spec();
  expect(command!.join(" ")).not.toContain("archive");
  expect(scratch).toEqual([]);
});

test("nobody gets in over the network without TLS: who may connect is the stack's word, not the data's", () => {
  const { command, files } = spec();
  const at = (path: string) => files!.find(file => file.path === path);
  const settings = command!.join(" ");
  expect(settings).toContain("-c ssl=on -c ssl_cert_file=/etc/ssl/ultrathink/server.crt -c ssl_key_file=/run/secrets/server.key");
  expect(at("/run/secrets/server.key")).toEqual({ path: "/run/secrets/server.key", kind: "secret", content: "a-key" });
  const [, hba] = /-c hba_file=(\S+)/.exec(settings)!;
  expect((at(hba!)!.content as string).trim().split("\n")).toEqual(["local all all trust", "hostssl all all all scram-sha-256"]);
});

test("a client verifies the server's name by the stack's authority", () => {
  const { env, file } = databaseClient(ultrathink, "a_role", "a-password");
  expect(env).toMatchObject({ PGHOST: "timescaledb", PGUSER: "a_role", PGSSLMODE: "verify-full", PGSSLROOTCERT: "/etc/ssl/ultrathink/ca.crt" });
  expect(JSON.stringify(env)).not.toContain("a-password");
  expect(file.kind).toBe("secret");
});

test("after a restore the superuser's password is set from its file, through standard input, and the marker goes last", () => {
  const script = startScript("ultrathink");
  expect(script).toContain(`"$(cat /run/secrets/postgres-ultrathink)" |\n    postgres --single`);
  // Without it the checkpoint at its end recycles WAL that has not been archived.
  expect(script).toMatch(/postgres --single .* -c archive_mode=on /);
  expect(script.indexOf("rm /home/postgres/pgdata/restored")).toBeGreaterThan(script.indexOf("postgres --single"));
  expect(script.trimEnd().endsWith('exec /docker-entrypoint.sh "$@"')).toBe(true);
});
