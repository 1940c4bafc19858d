"""A PostgreSQL server of one's own on a data folder: no network, nothing archived, no jobs of TimescaleDB; it ends with its context."""

import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from backup import programs
from backup.database import Server, Unreachable
from backup.errors import Failed

POLL_SECONDS = 0.05
STOP_SECONDS = 120

# A standby refuses to start with less than its primary had; the control file knows what that was.
_LEAST = {
    "max_connections setting": "max_connections",
    "max_worker_processes setting": "max_worker_processes",
    "max_wal_senders setting": "max_wal_senders",
    "max_prepared_xacts setting": "max_prepared_transactions",
    "max_locks_per_xact setting": "max_locks_per_transaction",
}


class ServerEnded(Failed):
    """The server ended on its own; `log` is all that it wrote."""

    def __init__(self, log: str) -> None:
        fatal = [line for line in log.splitlines() if re.search(r"(FATAL|PANIC|ERROR):", line)]
        super().__init__(f"the temporary server ended: {(fatal or log.splitlines() or ['it said nothing'])[-1].strip()}")
        self.log = log


@dataclass(frozen=True)
class TemporaryServer(Server):
    """A running one."""

    log_file: Path
    process: subprocess.Popen

    def log(self) -> str:
        return self.log_file.read_text(errors="replace")

    def alive(self) -> None:
        """Raises ServerEnded when the server is not running any more."""
        if self.process.poll() is not None:
            raise ServerEnded(self.log())

    def until(self, query: str) -> None:
        """Wait until a query on database postgres gives true; for as long as the server lives and answers."""
        while True:
            self.alive()
            try:
                with self.connect("postgres") as connection:
                    if connection.execute(query).fetchone() == (True,):
                        return
            except (Unreachable, psycopg.OperationalError):
                # Still starting, or ending: then the next look at the process tells.
                pass
            time.sleep(POLL_SECONDS)


def control_data(pgdata: Path) -> dict[str, str]:
    """What pg_controldata says, by its own names."""
    lines = programs.run(["pg_controldata", pgdata], environment={"LC_ALL": "C"}).splitlines()
    return {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


@contextmanager
def running(pgdata: Path, user: str, settings: Mapping[str, str], libraries: str) -> Iterator[TemporaryServer]:
    """Start a server on `pgdata`, over every setting in its files; stop it cleanly at the end.

    :param settings: further settings, such as those of a recovery
    :param libraries: `shared_preload_libraries`
    """
    control = control_data(pgdata)
    # Short, because the path of a socket is: at most 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        (folder / "hba.conf").write_text("local all all trust\n")
        everything = {
            **{setting: control[name] for name, setting in _LEAST.items() if name in control},
            "listen_addresses": "",
            "unix_socket_directories": str(folder),
            "unix_socket_permissions": "0700",
            "hba_file": str(folder / "hba.conf"),
            "ssl": "off",
            "port": "5432",
            "logging_collector": "off",
            "log_destination": "stderr",
            "log_min_messages": "warning",
            "shared_preload_libraries": libraries,
            # In the smallest container that restores, the sidecar, this leaves room for the rest.
            "shared_buffers": "64MB",
            "max_wal_size": "2GB",
            "max_parallel_workers_per_gather": "1",
            "jit": "off",
            "autovacuum": "off",
            # What is written here waits for the server that takes over: on, but with no command, so that nothing counts as failed.
            "archive_mode": "on",
            "archive_command": "",
            "archive_library": "",
            **({"timescaledb.max_background_workers": "0", "timescaledb.telemetry_level": "off"} if "timescaledb" in libraries else {}),
            **settings,
        }
        log_file = folder / "log"
        with log_file.open("w") as log:
            process = subprocess.Popen(
                ["postgres", "-D", str(pgdata), *(f"--{name}={value}" for name, value in everything.items())],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        server = TemporaryServer(folder, user, log_file, process)
        try:
            yield server
        except BaseException:
            _stop(process)
            raise
        _stop(process)
        if process.returncode != 0:
            raise ServerEnded(server.log())
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _stop(process: subprocess.Popen) -> None:
    """A fast shutdown; the folder is consistent afterwards."""
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGINT)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
