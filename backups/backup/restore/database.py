"""A physical restore: beside the live data, recovered by a temporary server, compared with the manifest, and only then whole.

Recovery stops twice. First at the backup's own restore point, where every table must hold exactly what the manifest says; then at the end
of the archive or at the wanted time.
"""

import json
import logging
import re
import shutil
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from backup import catalogue, locks, pgbackrest, tables, temporary_server
from backup.clock import iso
from backup.context import Context
from backup.errors import ConfigError, Refused, RefusedForAll, TooYoung
from backup.jobs.postgres_physical import restore_point
from backup.manifest import Manifest, key_of
from backup.pgbackrest import Backup
from backup.plan import Database
from backup.programs import ProgramFailed
from backup.restore import compatibility, timeline, wal
from backup.restore.timeline import History
from backup.restore.wal import Fetcher
from backup.temporary_server import ServerEnded, TemporaryServer

log = logging.getLogger(__name__)

MARKER = "restored"
"""File beside the data: its roles have the passwords of a stack that is gone, so the next start sets the superuser's."""

Use = Callable[[TemporaryServer], Any]


def restore(context: Context, pgdata: Path, to: datetime | None, backup_id: str | None, use: Use | None = None) -> dict[str, Any]:
    """Restore the newest usable backup, or that of `backup_id`, into `pgdata`, up to `to` or the end of the archive.

    `use` is called with the recovered server before it stops. Raises Refused, ConfigError or Failed; run again, it takes up what was left.
    """
    database = context.plan.database
    if database is None:
        raise ConfigError("the plan has no database, so there is nothing to restore")
    begun = time.monotonic()
    unfinished = pgdata.with_name(f"{pgdata.name}.unfinished")
    _refuse_what_is_not_ours(pgdata, unfinished, database)

    def attempt(made: Manifest) -> dict[str, Any]:
        return _attempt(context, database, made, pgdata, to, use, named=backup_id is not None)

    with locks.held(unfinished, f"a restore into {pgdata}", wait=False):
        # That of a restore that nobody took: what is in the folder is not whole any more.
        (pgdata.parent / MARKER).unlink(missing_ok=True)
        made, result, passed_over = catalogue.first_usable(context, context.plan.of_kind("postgres-physical"), backup_id, attempt)
        (pgdata.parent / MARKER).write_text(json.dumps({"job": made.job, "id": made.id}) + "\n")
        unfinished.unlink()
    return {"job": made.job, "id": made.id, **result, "fellBack": passed_over, "seconds": round(time.monotonic() - begun, 2)}


def _refuse_what_is_not_ours(pgdata: Path, unfinished: Path, database: Database) -> None:
    """Only an empty folder, or what an interrupted or untaken restore left, is written to."""
    occupied = pgdata.is_dir() and any(pgdata.iterdir())
    if not occupied:
        pgdata.mkdir(mode=0o700, parents=True, exist_ok=True)
        pgdata.chmod(0o700)
        return
    if pgdata == database.pgdata:
        raise ConfigError(f"--pgdata {str(pgdata)!r}: holds the live data; restore beside it, into {pgdata.with_name('restore')}")
    if not unfinished.exists() and not (pgdata.parent / MARKER).exists():
        raise ConfigError(f"--pgdata {str(pgdata)!r}: is not empty and holds no restore of this program; name an empty folder")


def _attempt(
    context: Context, database: Database, made: Manifest, pgdata: Path, to: datetime | None, use: Use | None, *, named: bool
) -> dict[str, Any]:
    file = key_of(made.job, made.id)
    if to is not None and made.finished > to:
        raise TooYoung(file, f"was finished at {iso(made.finished)}, after {iso(to)}")
    compatibility.check_postgresql(made, physical=True)
    for part in made.files:
        context.vault.check(part)
    backup = pgbackrest.info(database.stanza).by_id(made.id)
    if backup is None or backup.label != made.details["label"]:
        raise Refused(f"{pgbackrest.REPOSITORY}/backup/{database.stanza}/{made.details['label']}", "is not in pgBackRest's repository")
    history = _history(database, made, backup, named=named)
    with wal.fetcher(database.stanza, backup.archive, pgdata) as fetch:
        log.info("restoring pgBackRest backup %s", backup.label)
        _copy(database.stanza, backup, pgdata, history)
        recovery = _Recovery(database, made, pgdata, fetch, history)
        log.info("recovering to the backup's own restore point, to compare")
        compared = recovery.compare_at_restore_point()
        log.info("recovering to %s", iso(to) if to else "the end of the archive")
        result = recovery.finish(to, use)
    _forget_recovery(pgdata)
    # The second leg may have had nothing to replay.
    return {"label": backup.label, **result, "lastCommit": result["lastCommit"] or compared}


def _history(database: Database, made: Manifest, backup: Backup, *, named: bool) -> History:
    """The timelines that recovery follows: to the newest one, or the backup's own when it was named although that was abandoned."""
    history = timeline.read(database.stanza, backup.archive)
    own = timeline.timeline_of(made.details["restorePointWal"])
    if history.leads_from(own, timeline.position(backup.stop_lsn)):
        return history
    if named:
        log.warning("backup %s is of timeline %d, which an earlier restore abandoned: recovery stays on it", made.id, own)
        return History(own, {})
    raise Refused(key_of(made.job, made.id), f"is of timeline {own}, which an earlier restore abandoned; --id {made.id} restores it")


def _copy(stanza: str, backup: Backup, pgdata: Path, history: History) -> None:
    """pgBackRest's own restore. What an interrupted one left is kept as far as its checksums are right."""
    (pgdata / "postmaster.pid").unlink(missing_ok=True)
    begun = any((pgdata / name).exists() for name in ("PG_VERSION", "backup.manifest"))
    if not begun:
        for leftover in pgdata.iterdir():
            shutil.rmtree(leftover) if leftover.is_dir() and not leftover.is_symlink() else leftover.unlink()
    options = [f"--pg1-path={pgdata}", f"--set={backup.label}", f"--target-timeline={history.newest}", "--log-level-console=error"]
    try:
        pgbackrest.run(stanza, "restore", *options, *(["--delta"] if begun else []))
    except ProgramFailed as error:
        refusal = pgbackrest.refusal(error, f"{pgbackrest.REPOSITORY}/backup/{stanza}/{backup.label}")
        if isinstance(refusal, Refused):
            # Tells which file it is, which the restore does not.
            pgbackrest.verify(stanza, backup.label)
        raise refusal from None


@dataclass(frozen=True)
class _Recovery:
    """Recovery of a restored folder by temporary servers, in two legs."""

    database: Database
    made: Manifest
    pgdata: Path
    fetch: Fetcher
    history: History

    def _server(self, **settings: str) -> AbstractContextManager[TemporaryServer]:
        libraries = "timescaledb" if "timescaledb" in self.made.versions else ""
        common = {"restore_command": self.fetch.command, "recovery_target_timeline": str(self.history.newest)}
        return temporary_server.running(self.pgdata, self.database.user, common | settings, libraries)

    def compare_at_restore_point(self) -> str | None:
        """Time of the last commit before it; raises Refused unless the tables hold there what the manifest says."""
        try:
            point = restore_point(self.made.id)
            with self._server(recovery_target_name=point, recovery_target_action="pause") as server:
                server.until("SELECT pg_is_in_recovery() AND pg_get_wal_replay_pause_state() = 'paused'")
                found = tables.count_all(server, self.database.tables) if self.made.details["exact"] else self.made.counts
                last_commit = _last_commit(server)
        except ServerEnded as ended:
            raise self._explained(ended, "its own restore point") from None
        differing = tables.differences(self.made.counts, found)
        if differing:
            raise Refused(key_of(self.made.job, self.made.id), f"what was restored is not what was backed up: {'; '.join(differing)}")
        return last_commit

    def finish(self, to: datetime | None, use: Use | None) -> dict[str, Any]:
        """Recover to the end of the archive or to a time, and end recovery; what the database then holds."""
        target = {"recovery_target_time": to.isoformat(), "recovery_target_action": "promote"} if to else {}
        try:
            with self._server(**target) as server:
                server.until("SELECT NOT pg_is_in_recovery()")
                result = _described(server, self.database)
                gap = self.fetch.gap(self.history) if to is None else None
                if gap is not None:
                    missing = self._missing(gap, _until(result["lastCommit"]))
                    raise RefusedForAll(missing.file, missing.why)
                if use is not None:
                    use(server)
        except ServerEnded as ended:
            explained = self._explained(ended, iso(to) if to else "the end of the archive")
            if isinstance(explained, Refused):
                raise RefusedForAll(explained.file, explained.why) from None
            raise explained from None
        return result

    def _missing(self, segment: str, until: str) -> Refused:
        return Refused(self.fetch.file(segment), f"is missing from the archive, which goes on after it{until}")

    def _explained(self, ended: ServerEnded, goal: str) -> Exception:
        """Why a recovery ended before its goal."""
        reached = re.findall(r"last completed transaction was at log time (\S+ \S+)", ended.log)
        until = _until(reached[-1] if reached else None)
        failure = self.fetch.failure()
        if isinstance(failure, Refused):
            return Refused(failure.file, failure.why + until)
        if failure is not None:
            return failure
        if "before configured recovery target was reached" not in ended.log:
            return ended
        gap = self.fetch.gap(self.history)
        if gap is not None:
            return self._missing(gap, until)
        last = self.fetch.last
        return Refused(self.fetch.file(last) if last else self.fetch.archive, f"is the end of the archive, before {goal}{until}")


def _until(last_commit: str | None) -> str:
    return f"; what was committed up to {last_commit} can be restored, by --to" if last_commit else ""


def _described(server: TemporaryServer, database: Database) -> dict[str, Any]:
    with server.connect("postgres") as connection:
        row = connection.execute("SELECT pg_walfile_name(pg_current_wal_lsn())").fetchone()
    assert row is not None
    return {
        "timeline": timeline.timeline_of(row[0]),
        "lastCommit": _last_commit(server),
        "tables": tables.state(server, database.tables),
    }


def _last_commit(server: TemporaryServer) -> str | None:
    """Time of the last transaction that this server has replayed."""
    with server.connect("postgres") as connection:
        row = connection.execute("SELECT pg_last_xact_replay_timestamp()").fetchone()
    return row[0].astimezone(timezone.utc).isoformat() if row and row[0] else None


def _forget_recovery(pgdata: Path) -> None:
    """Take pgBackRest's recovery settings out again: the server that takes over must not look for the restore's files."""
    file = pgdata / "postgresql.auto.conf"
    kept = [line for line in file.read_text().splitlines(keepends=True) if not _RECOVERY.match(line)]
    file.write_text("".join(kept))


_RECOVERY = re.compile(r"restore_command|recovery_target|# Recovery settings generated by pgBackRest|# Removed by pgBackRest")
