import { serverSpec } from "../../../components/timescaledb/timescaledb";
import { startScript } from "../../../components/timescaledb/start";
import { ultrathink } from "../../../systems/ultrathink";

const archiver = [{ path: "/etc/pgbackrest/pgbackrest.conf", kind: "pgbackrest", content: "[global]" }] as const;
const spec = (...files: Parameters<typeof serverSpec>[3][]) => serverSpec(ultrathink, ultrathink.database!, "a-password", ...files);

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

test("after a restore the superuser's password is set from its file, through standard input, and the marker goes last", () => {
  const script = startScript("ultrathink");
  expect(script).toContain(`"$(cat /run/secrets/postgres-ultrathink)" |\n    postgres --single`);
  // Without it the checkpoint at its end recycles WAL that has not been archived.
  expect(script).toMatch(/postgres --single .* -c archive_mode=on /);
  expect(script.indexOf("rm /home/postgres/pgdata/restored")).toBeGreaterThan(script.indexOf("postgres --single"));
  expect(script.trimEnd().endsWith('exec /docker-entrypoint.sh "$@"')).toBe(true);
});
