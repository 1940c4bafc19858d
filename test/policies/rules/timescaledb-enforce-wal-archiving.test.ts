import { CONTAINER, type Container } from "../../../policies/docker";
import { rule } from "../../../policies/rules/timescaledb-enforce-wal-archiving";
import { UNKNOWN, container, judgeStack, resource } from "../support";

const backup = resource(CONTAINER, container({ name: "ultrathink-backup" }));
const good: Record<string, string> = {
  archive_mode: "on",
  archive_command: "pgbackrest --stanza=ultrathink archive-push %p",
  archive_timeout: "60s",
  wal_level: "replica",
};

/** The server with settings changed or, where undefined, left out. */
function server(changes: Record<string, string | undefined> = {}, overrides: Container = {}): Container {
  const settings = Object.entries({ ...good, ...changes }).filter(([, value]) => value !== undefined);
  return container({
    command: ["postgres", ...settings.flatMap(([key, value]) => ["-c", `${key}=${value}`])],
    labels: [{ label: "dev.ultrathink.config.pgbackrest", value: "/etc/pgbackrest/pgbackrest.conf" }],
    ...overrides,
  });
}
const judged = (database: Container) => judgeStack(rule, [resource(CONTAINER, database), backup]);
const message = (found: string, mend: string) => `container "ultrathink-timescaledb": ${found}. ${mend}.`;
const wrongCommand = (found: string) =>
  message(
    `archive_command is ${found}, pgbackrest's archive-push is required`,
    "Start the server with archive_command=pgbackrest --stanza=<stanza> archive-push %p",
  );
const wrongTimeout = (found: string) => message(`archive_timeout is ${found}, more than 0 and at most 60s is allowed`, "Set it to 60s");
const wrongMode = (found: string) => message(`archive_mode is ${found}, on is required`, "Start the server with archive_mode=on");

describe(rule.name, () => {
  it.each<[string, Container]>([
    ["a server that archives", server()],
    ["a shorter time, in another unit", server({ archive_timeout: "1min" })],
    ["a standby that archives too", server({ archive_mode: "always" })],
    ["PostgreSQL's default wal_level", server({ wal_level: undefined })],
  ])("accepts %s", (_title, database) => {
    expect(judged(database)).toEqual({ violations: [] });
  });

  it.each<[string, Container, string[]]>([
    ["archiving that is not on, PostgreSQL's default", server({ archive_mode: undefined }), [wrongMode("not set")]],
    ["archiving that is off", server({ archive_mode: "off" }), [wrongMode("off")]],
    ["no command", server({ archive_command: undefined }), [wrongCommand("not set")]],
    ["a command that only seems to archive", server({ archive_command: "true" }), [wrongCommand("true")]],
    [
      "a command that hides pgBackRest's failure",
      server({ archive_command: "pgbackrest --stanza=ultrathink archive-push %p || true" }),
      [wrongCommand("pgbackrest --stanza=ultrathink archive-push %p || true")],
    ],
    ["no time, so that a quiet hour is archived an hour late", server({ archive_timeout: undefined }), [wrongTimeout("not set")]],
    ["a time of 0, which is none", server({ archive_timeout: "0" }), [wrongTimeout("0")]],
    ["a second too much", server({ archive_timeout: "61" }), [wrongTimeout("61")]],
    [
      "WAL that cannot be archived",
      server({ wal_level: "minimal" }),
      [message("wal_level is minimal, which cannot be archived", "Set wal_level to replica")],
    ],
    [
      "no configuration of pgBackRest",
      server({}, { labels: [] }),
      [message("pgBackRest has no configuration in it", "Give it one as a config file of kind pgbackrest")],
    ],
    ["a later setting that overrides", server({}, { command: [...server().command!, "-c", "archive_mode=off"] }), [wrongMode("off")]],
  ])("reports %s", (_title, database, expected) => {
    expect(judged(database).violations).toEqual(expected);
  });

  it("does not judge a command line that is not known yet", () => {
    expect(judged(server({}, { command: ["postgres", UNKNOWN] }))).toEqual({ violations: [], unknown: true });
  });

  it.each([
    ["makes no backups", [resource(CONTAINER, server({ archive_mode: "off" }))]],
    ["has no database", [backup]],
  ])("does not apply to a stack that %s", (_title, resources) => {
    expect(judgeStack(rule, resources)).toEqual({ violations: [], notApplicable: "no database in this stack is backed up" });
  });
});
