"""Connections to PostgreSQL servers, over their sockets, where the user is trusted."""

from dataclasses import dataclass
from pathlib import Path

import psycopg

from backup.errors import Failed
from backup.plan import Database


class Unreachable(Failed):
    """A server takes no connection."""


@dataclass(frozen=True)
class Server:
    """A server that listens in the folder `socket`."""

    socket: Path
    user: str

    def connect(self, database: str, *, autocommit: bool = False) -> psycopg.Connection:
        """A connection; raises Unreachable."""
        try:
            return psycopg.connect(
                host=str(self.socket),
                user=self.user,
                dbname=database,
                autocommit=autocommit,
                connect_timeout=10,
                application_name="backup",
                # A snapshot waits in its transaction while another database is read.
                options="-c idle_in_transaction_session_timeout=0",
            )
        except psycopg.OperationalError as error:
            raise Unreachable(f"database {database}: {error}") from None

    def options(self, database: str) -> list[str]:
        """The same as options of PostgreSQL's programs."""
        return [f"--host={self.socket}", f"--username={self.user}", "--no-password", f"--dbname={database}"]

    def databases(self) -> set[str]:
        with self.connect("postgres") as connection:
            return {name for (name,) in connection.execute("SELECT datname FROM pg_database WHERE datallowconn")}


def live(database: Database) -> Server:
    return Server(database.socket, database.user)


def versions(connection: psycopg.Connection) -> dict[str, str]:
    """Versions of the server and of TimescaleDB in the connection's database."""
    found = {"postgresql": str(connection.info.server_version // 10000) + "." + str(connection.info.server_version % 10000)}
    extension = connection.execute("SELECT extversion FROM pg_extension WHERE extname = 'timescaledb'").fetchone()
    return found | ({"timescaledb": extension[0]} if extension else {})
