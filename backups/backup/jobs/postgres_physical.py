"""A physical backup by pgBackRest, with the WAL up to a restore point at which every table's rows are known."""

import logging
import time
from datetime import datetime

from backup import pgbackrest, tables
from backup.clock import iso
from backup.context import Context
from backup.database import Server, live, versions
from backup.errors import Failed, PartiallyFailed
from backup.jobs import Made
from backup.pgbackrest import Backup
from backup.plan import Job

log = logging.getLogger(__name__)

ARCHIVE_SECONDS = 120
"""Longest wait for a finished WAL segment to be in the vault."""
SUNDAY = 6


def restore_point(backup_id: str) -> str:
    return f"backup-{backup_id}"


def make(context: Context, job: Job, backup_id: str, started: datetime) -> Made:
    database = context.plan.database
    assert database is not None
    stanza = database.stanza
    pgbackrest.prepare(stanza)
    wanted = "full" if started.weekday() == SUNDAY else "diff"
    # pgBackRest makes a full backup itself when there is none to differ from, and expires what is past its retention.
    pgbackrest.run(stanza, "backup", f"--type={wanted}", f"--annotation=id={backup_id}", "--log-level-console=error")
    made = pgbackrest.info(stanza).by_id(backup_id)
    if made is None:
        raise Failed("pgbackrest ended without an error, but its repository has no backup of this run")
    if made.faulty_pages:
        raise PartiallyFailed(f"pgbackrest backup {made.label}: pages of the database do not match their checksums")
    server = live(database)
    segment, counts, exact = _point(server, context, backup_id)
    _wait_for_archive(server, segment)
    with server.connect(database.database) as connection:
        servers = versions(connection)
    manifest_key = f"{pgbackrest.REPOSITORY}/backup/{stanza}/{made.label}/backup.manifest"
    return Made(
        files=[context.vault.file(context.plan.vault.bucket, manifest_key)],
        versions={**servers, "pgbackrest": pgbackrest.version()},
        counts=counts,
        details={**_details(made), "restorePoint": restore_point(backup_id), "restorePointWal": segment, "exact": exact},
    )


def _details(made: Backup) -> dict[str, str | int]:
    return {
        "label": made.label,
        "type": made.type,
        "archive": made.archive,
        "systemIdentifier": made.system_identifier,
        "startLsn": made.start_lsn,
        "stopLsn": made.stop_lsn,
        "startWal": made.start_wal,
        "stopWal": made.stop_wal,
        "bytes": made.bytes,
    }


def _point(server: Server, context: Context, backup_id: str) -> tuple[str, tables.Counts, bool]:
    """WAL segment of the restore point, the tables' counts at it, and whether there are any."""
    database = context.plan.database
    assert database is not None
    try:
        with tables.marked(server, database, restore_point(backup_id)) as (segment, connections):
            counts: tables.Counts = {}
            for name, connection in connections.items():
                counts |= tables.counted(connection, [table for table in database.tables if table.database == name])
            return segment, counts, True
    except tables.Busy:
        log.warning("a transaction that writes did not end in time: the backup is whole, but its tables are not counted")
    with server.connect("postgres") as connection:
        row = connection.execute("SELECT pg_walfile_name(pg_create_restore_point(%s))", [restore_point(backup_id)]).fetchone()
    assert row is not None
    return row[0], {}, False


def _wait_for_archive(server: Server, segment: str) -> None:
    """End the segment and wait until it is in the vault: before that, nothing of it can be restored."""
    deadline = time.monotonic() + ARCHIVE_SECONDS
    with server.connect("postgres", autocommit=True) as connection:
        connection.execute("SELECT pg_switch_wal()")
        while time.monotonic() < deadline:
            row = connection.execute("SELECT last_archived_wal, last_failed_wal, last_failed_time FROM pg_stat_archiver").fetchone()
            if row and row[0] and row[0][:24] >= segment:
                return
            time.sleep(0.2)
    failed = f"; {row[1]} failed at {iso(row[2])}, see the server's log" if row and row[1] else ""
    raise Failed(f"WAL segment {segment} was not archived within {ARCHIVE_SECONDS} s{failed}")
