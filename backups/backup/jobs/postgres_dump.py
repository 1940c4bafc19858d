"""A portable dump of each of the stack's databases, in pg_dump's custom format, with the rows that it holds."""

import tempfile
from datetime import datetime
from pathlib import Path

from backup import programs, tables
from backup.context import Context
from backup.database import live, versions
from backup.errors import Failed
from backup.jobs import Made
from backup.plan import Job, Keep

SUNDAY = 6


def tier(keep: Keep, started: datetime) -> str:
    """The folder by whose retention a backup is kept: the longest one that its day has."""
    if keep.monthly is not None and started.day == 1:
        return "monthly"
    if keep.weekly is not None and started.weekday() == SUNDAY:
        return "weekly"
    return "daily"


def make(context: Context, job: Job, backup_id: str, started: datetime) -> Made:
    database = context.plan.database
    assert database is not None
    server = live(database)
    bucket = context.plan.bucket_of(job)
    folder = tier(job.keep, started)
    present = server.databases()
    files, counts, dumps, servers = [], {}, {}, {}
    for name in database.databases:
        if name not in present:
            if name == database.database:
                raise Failed(f"database {name} does not exist")
            continue
        key = f"{job.name}/{folder}/{backup_id}.dump" if name == database.database else f"{job.name}/{folder}/{backup_id}.{name}.dump"
        with tempfile.TemporaryDirectory(prefix="dump-", dir=context.scratch) as scratch, server.connect(name) as connection:
            file = Path(scratch, "dump")
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            row = connection.execute("SELECT pg_export_snapshot()").fetchone()
            assert row is not None
            # Dump and counts see the same rows: they share a snapshot.
            programs.run(["pg_dump", *server.options(name), "--format=custom", f"--snapshot={row[0]}", f"--file={file}"])
            counts |= tables.counted(connection, [table for table in database.tables if table.database == name])
            servers |= versions(connection)
            files.append(context.vault.put_file(bucket, key, file))
        dumps[name] = key
    return Made(files=files, versions=servers, counts=counts, details={"tier": folder, "dumps": dumps})
