"""TimescaleDB through a small pool."""

from collections.abc import Iterable, Sequence
from typing import Any

from psycopg.conninfo import make_conninfo
from psycopg_pool import ConnectionPool

from common_utils.config import Settings
from common_utils.health import Check


def connection_info(settings: Settings) -> str:
    """libpq's connection string; the password stays in the file that PGSERVICEFILE names, which libpq reads itself."""
    return make_conninfo(
        host=settings.pghost,
        port=settings.pgport,
        user=settings.pguser,
        dbname=settings.pgdatabase,
        application_name=settings.service_name,
        connect_timeout=3,
    )


class Database:
    """Connections are made when needed and given up when idle, so that it comes back by itself after a lost server."""

    def __init__(self, settings: Settings) -> None:
        self._pool = ConnectionPool(
            connection_info(settings),
            min_size=0,
            max_size=4,
            timeout=3,
            reconnect_timeout=5,
            max_idle=120,
            check=ConnectionPool.check_connection,
            kwargs={"autocommit": True},
            open=False,
        )

    def start(self) -> None:
        self._pool.open()

    def stop(self) -> None:
        self._pool.close()

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._pool.connection() as connection:
            return connection.execute(sql, parameters).fetchall()

    def execute(self, sql: str, rows: Iterable[Sequence[Any]]) -> int:
        """Run `sql` for every row, all or none; returns how many rows it changed."""
        with self._pool.connection() as connection, connection.transaction(), connection.cursor() as cursor:
            cursor.executemany(sql, rows)
            return cursor.rowcount

    def check(self) -> Check:
        def probe() -> None:
            self.query("SELECT 1")

        return Check("timescaledb", probe)
