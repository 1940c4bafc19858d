"""A dump into a new database of a running server, compared with the rows that were dumped."""

import tempfile
import time
from pathlib import Path
from typing import Any

from psycopg import sql

from backup import catalogue, programs, tables
from backup.context import Context
from backup.database import Server, live
from backup.errors import ConfigError, Refused
from backup.manifest import Manifest, key_of
from backup.plan import Table
from backup.programs import ProgramFailed
from backup.restore import compatibility

UNFINISHED = "an unfinished restore"
"""Comment on a database that a restore has begun and not ended; the next one may take its place."""


def restore(context: Context, target: str, source: str | None, backup_id: str | None, server: Server | None = None) -> dict[str, Any]:
    """Restore the newest usable dump of database `source` (the plan's own), or that of `backup_id`, into the new database `target`.

    :param server: @default the live one
    """
    database = context.plan.database
    if database is None:
        raise ConfigError("the plan has no database, so there is nothing to restore")
    begun = time.monotonic()
    wanted = source or database.database
    into = server or live(database)
    _refuse_a_database_of_others(into, target)

    def attempt(made: Manifest) -> tables.Counts:
        return _attempt(context, into, made, wanted, target)

    made, counts, passed_over = catalogue.first_usable(context, context.plan.of_kind("postgres-dump"), backup_id, attempt)
    rows = {name: {"rows": count["rows"]} for name, count in counts.items()}
    seconds = round(time.monotonic() - begun, 2)
    return {"job": made.job, "id": made.id, "database": target, "tables": rows, "fellBack": passed_over, "seconds": seconds}


def _refuse_a_database_of_others(server: Server, name: str) -> None:
    query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    with server.connect("postgres") as connection:
        row = connection.execute(query, [name]).fetchone()
    if row is not None and row[0] != UNFINISHED:
        raise ConfigError(f"--database {name!r}: exists already; a dump is restored into a new database")


def _attempt(context: Context, server: Server, made: Manifest, source: str, target: str) -> tables.Counts:
    compatibility.check_postgresql(made, physical=False)
    key = made.details["dumps"].get(source)
    file = next((file for file in made.files if file.key == key), None)
    if file is None:
        raise Refused(key_of(made.job, made.id), f"has no dump of database {source}")
    with tempfile.TemporaryDirectory(prefix="dump-", dir=context.scratch) as scratch:
        dump = Path(scratch, "dump")
        context.vault.download(file, dump)
        _create(server, target, made.versions.get("timescaledb"))
        try:
            _fill(server, target, dump, timescaledb="timescaledb" in made.versions)
        except ProgramFailed as error:
            raise Refused(file.key, f"pg_restore refuses it: {error.output}") from None
    expected = {name: count for name, count in made.counts.items() if name.startswith(f"{source}.")}
    found = _counts(server, context, source, target)
    differing = tables.differences(expected, found)
    if differing:
        raise Refused(file.key, f"what was restored is not what was backed up: {'; '.join(differing)}")
    _comment(server, target, f"restored from {made.job} {made.id}")
    return found


def _counts(server: Server, context: Context, source: str, target: str) -> tables.Counts:
    """The tables of the restored database, under the names that they had where they come from."""
    assert context.plan.database is not None
    moved = [table.model_copy(update={"database": target}) for table in context.plan.database.tables if table.database == source]
    found = tables.count_all(server, moved)
    return {Table(database=source, table=table.table).name: found[table.name] for table in moved if table.name in found}


def _create(server: Server, name: str, timescaledb: str | None) -> None:
    identifier = sql.Identifier(name)
    with server.connect("postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(identifier))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(identifier))
    _comment(server, name, UNFINISHED)
    if timescaledb:
        with server.connect(name) as connection:
            connection.execute(sql.SQL("CREATE EXTENSION timescaledb VERSION {}").format(timescaledb))


def _comment(server: Server, name: str, comment: str) -> None:
    with server.connect("postgres") as connection:
        connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), comment))


def _fill(server: Server, name: str, dump: Path, *, timescaledb: bool) -> None:
    """TimescaleDB's own procedure: its triggers and jobs rest while the rows come in, by one process."""
    if timescaledb:
        _call(server, name, "timescaledb_pre_restore")
    # Roles of the stack that was backed up may not be here yet; the stack grants what is due to them itself.
    programs.run(["pg_restore", *server.options(name), "--no-owner", "--no-privileges", "--exit-on-error", dump])
    if timescaledb:
        _call(server, name, "timescaledb_post_restore")
    with server.connect(name, autocommit=True) as connection:
        connection.execute("ANALYZE")


def _call(server: Server, name: str, function: str) -> None:
    with server.connect(name) as connection:
        connection.execute(sql.SQL("SELECT public.{}()").format(sql.Identifier(function)))
