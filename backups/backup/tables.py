"""What tables hold, told so that a restored one can be compared: how many rows, and a digest over all of them in any order."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any

import psycopg
from psycopg import errors, sql

from backup.clock import iso
from backup.database import Server
from backup.plan import Database, Table

LOCK_TIMEOUT = "1s"
"""Longest that writers are kept waiting for a moment in which none of them is at work."""
LOCK_ATTEMPTS = 10

Counts = dict[str, dict[str, Any]]
"""`database.table` → `rows`, `digest`; a table that does not exist is absent."""

# Rows as binary values where every column's type can be hashed, else as text. Both are the same on every server of a major version.
_DIGESTS = {
    "record": "hash_record_extended(t, 0)",
    "text": "hashtextextended(t::text, 0)",
}
# A row's text depends on them.
_SETTINGS = "; ".join(
    f"SET {name} = '{value}'"
    for name, value in {
        "timezone": "UTC",
        "datestyle": "ISO",
        "intervalstyle": "postgres",
        "extra_float_digits": "1",
        "bytea_output": "hex",
    }.items()
)


def count(connection: psycopg.Connection, table: Table) -> dict[str, Any] | None:
    """Rows and digest of a table as the connection's snapshot has it; None when there is no such table."""
    identifier = _identifier(table)
    if connection.execute("SELECT to_regclass(%s)", [identifier.as_string(connection)]).fetchone() == (None,):
        return None
    connection.execute(_SETTINGS)
    for name, expression in _DIGESTS.items():
        query = sql.SQL("SELECT count(*), coalesce(sum({}), 0)::text FROM {} AS t").format(sql.SQL(expression), identifier)
        try:
            with connection.transaction():
                rows, total = connection.execute(query).fetchone() or (0, "0")
            return {"rows": rows, "digest": f"{name}:{total}"}
        except errors.UndefinedFunction:
            continue
    raise AssertionError("every row has a text")


def newest(connection: psycopg.Connection, table: Table) -> datetime | None:
    """Time of the newest row; None without a time column or row."""
    if table.time is None:
        return None
    query = sql.SQL("SELECT max({}) FROM {}").format(sql.Identifier(table.time), _identifier(table))
    row = connection.execute(query).fetchone()
    return row[0] if row else None


def rows(connection: psycopg.Connection, table: Table) -> int:
    row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(_identifier(table))).fetchone()
    return row[0] if row else 0


def exists(connection: psycopg.Connection, table: Table) -> bool:
    return connection.execute("SELECT to_regclass(%s)", [_identifier(table).as_string(connection)]).fetchone() != (None,)


def count_all(server: Server, tables: list[Table]) -> Counts:
    """Every table of the list, each database on its own connection."""
    present = server.databases()
    counts: Counts = {}
    for name in dict.fromkeys(table.database for table in tables):
        if name not in present:
            continue
        with server.connect(name) as connection:
            counts |= counted(connection, [table for table in tables if table.database == name])
    return counts


def counted(connection: psycopg.Connection, tables: list[Table]) -> Counts:
    found = {table.name: count(connection, table) for table in tables}
    return {name: counts for name, counts in found.items() if counts is not None}


def state(server: Server, tables: list[Table]) -> Counts:
    """Rows and time of the newest row of every table: what is told of a database whose end no manifest knows."""
    present = server.databases()
    found: Counts = {}
    for name in dict.fromkeys(table.database for table in tables):
        if name not in present:
            continue
        with server.connect(name) as connection:
            for table in (table for table in tables if table.database == name and exists(connection, table)):
                moment = newest(connection, table)
                found[table.name] = {"rows": rows(connection, table)} | ({"newest": iso(moment)} if moment else {})
    return found


def differences(expected: Mapping[str, Mapping[str, Any]], found: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """What a restored database lacks or has otherwise, a sentence for each table."""
    result = []
    for name, want in expected.items():
        have = found.get(name)
        if have is None:
            result.append(f"table {name} is missing")
        elif have["rows"] != want["rows"]:
            result.append(f"table {name} has {have['rows']} rows instead of {want['rows']}")
        elif have["digest"] != want["digest"]:
            result.append(f"table {name} has other rows than were backed up")
    return result


class Busy(Exception):
    """Some writer never paused, so no moment of the tables can be told exactly."""


@contextmanager
def marked(server: Server, database: Database, restore_point: str) -> Iterator[tuple[str, dict[str, psycopg.Connection]]]:
    """A restore point in the WAL, and for each database a connection whose snapshot is of exactly that point.

    Writers of the tables wait while the point is made, some milliseconds; raises Busy when they cannot be made to. Yields the WAL segment
    in which the point is, and the connections.
    """
    present = server.databases()
    names = [name for name in database.databases if name in present]
    with ExitStack() as snapshots:
        connections = {name: snapshots.enter_context(server.connect(name)) for name in names}
        for connection in connections.values():
            connection.execute("SET default_transaction_isolation = 'repeatable read'")
            connection.commit()
        with ExitStack() as locks:
            main = None
            for name in names:
                locking = locks.enter_context(server.connect(name))
                main = main or locking
                _lock(locking, [table for table in database.tables if table.database == name])
            for connection in connections.values():
                connection.execute("SELECT pg_current_snapshot()")
            assert main is not None
            row = main.execute("SELECT pg_walfile_name(pg_create_restore_point(%s))", [restore_point]).fetchone()
        assert row is not None
        yield row[0], connections


def _lock(connection: psycopg.Connection, tables: list[Table]) -> None:
    """Keep writers out until the transaction ends; those at work are waited for, and no longer than LOCK_TIMEOUT each time."""
    wanted = [table for table in tables if exists(connection, table)]
    if not wanted:
        return
    # A hypertable's writers lock it itself before its chunks.
    names = sql.SQL(", ").join(sql.SQL("ONLY {}").format(_identifier(table)) for table in wanted)
    connection.execute(sql.SQL("SET lock_timeout = {}").format(LOCK_TIMEOUT))
    for _ in range(LOCK_ATTEMPTS):
        try:
            with connection.transaction():
                connection.execute(sql.SQL("LOCK TABLE {} IN SHARE MODE").format(names))
        except errors.LockNotAvailable:
            continue
        return
    raise Busy


def _identifier(table: Table) -> sql.Identifier:
    return sql.Identifier(*table.table.split("."))
