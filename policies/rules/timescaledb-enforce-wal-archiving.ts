import { booksOf, servicesOf } from "../parts";
import { postgresSeconds, postgresSettings } from "../parsers/postgres";
import type { StackRule } from "../rule";

export const rule: StackRule = {
  name: "timescaledb-enforce-wal-archiving",
  displayName: "WAL archiving",
  description:
    "A database whose stack makes backups archives its write-ahead log with pgBackRest, every segment, and an unfinished one after the book's time; without it a restore loses everything since the last backup.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Start the server with archive_mode=on, an archive_command that calls pgbackrest archive-push, and an archive_timeout of at most the book's, and give it pgBackRest's configuration.",
  tags: ["data", "backup"],
  validateStack: (args, report) => {
    const services = servicesOf(args, report);
    const archiving = booksOf(args).flatMap(({ backups }) => {
      const server = backups && services.has(backups.service) && services.get(backups.archived.service);
      return server ? [{ server, ...backups.archived }] : [];
    });
    if (archiving.length === 0) args.notApplicable("no database in this stack is backed up");
    for (const { server, withinSeconds } of archiving) {
      const { violation, command: words } = server;
      const settings = postgresSettings(words);
      const mode = settings.get("archive_mode");
      if (mode !== "on" && mode !== "always")
        violation(`archive_mode is ${mode ?? "not set"}, on is required`, "Start the server with archive_mode=on");
      const command = settings.get("archive_command");
      if (!/^pgbackrest( --?\S+)* archive-push %p$/.test(command ?? "")) {
        violation(
          `archive_command is ${command ?? "not set"}, pgbackrest's archive-push is required`,
          "Start the server with archive_command=pgbackrest --stanza=<stanza> archive-push %p",
        );
      }
      const timeout = settings.get("archive_timeout");
      const seconds = postgresSeconds(timeout ?? "");
      if (!(seconds! > 0 && seconds! <= withinSeconds)) {
        violation(`archive_timeout is ${timeout ?? "not set"}, more than 0 and at most ${withinSeconds}s is allowed`, `Set it to ${withinSeconds}s`);
      }
      if (settings.get("wal_level") === "minimal") violation("wal_level is minimal, which cannot be archived", "Set wal_level to replica");
      if (server.files("pgbackrest").length === 0) {
        violation("pgBackRest has no configuration in it", "Give it one as a config file of kind pgbackrest");
      }
    }
  },
};
