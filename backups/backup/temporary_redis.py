"""A Redis of one's own on a folder: no network, ends with its context."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from backup import programs
from backup.errors import Failed

POLL_SECONDS = 0.05
STOP_SECONDS = 60


class RedisEnded(Failed):
    """The server ended on its own, as it does when it cannot load its data."""

    def __init__(self, log: str) -> None:
        lines = [line for line in log.splitlines() if line.strip()]
        telling = [line for line in lines if "# " in line and "WARNING" not in line]
        super().__init__(f"the temporary Redis ended: {(telling or lines or ['it said nothing'])[-1].strip()}")


def version() -> str:
    """Version of redis-server, like 8.0.4."""
    return programs.run(["redis-server", "--version"]).split("v=", 1)[1].split()[0]


@contextmanager
def running(folder: Path, **settings: str) -> Iterator[redis.Redis]:
    """A client of a Redis with its data in `folder`, once everything there is loaded. At the end the data is on the disk."""
    # Short, because the path of a socket is: at most 107 bytes.
    short = Path(tempfile.mkdtemp(prefix="redis-"))
    socket = short / "socket"
    lines = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "logfile": str(short / "log"),
        "daemonize": "no",
        "save": '""',
        "appendfsync": "everysec",
        "aof-use-rdb-preamble": "yes",
        # Digests of values.
        "enable-debug-command": "local",
        **settings,
    }
    try:
        process = subprocess.Popen(["redis-server", "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        assert process.stdin is not None
        with process.stdin:
            process.stdin.write("".join(f"{name.replace('_', '-')} {value}\n" for name, value in lines.items()))
        client = redis.Redis(unix_socket_path=str(socket), socket_timeout=600, retry=Retry(NoBackoff(), 0))
        try:
            _wait(client, process, short / "log")
            yield client
            client.shutdown(nosave=True)
            process.wait(STOP_SECONDS)
        finally:
            client.close()
            if process.poll() is None:
                programs.end(process)
    finally:
        shutil.rmtree(short, ignore_errors=True)


def _wait(client: redis.Redis, process: subprocess.Popen, log: Path) -> None:
    while True:
        if process.poll() is not None:
            raise RedisEnded(log.read_text(errors="replace") if log.exists() else "")
        try:
            if client.ping():
                return
        except (redis.ConnectionError, redis.exceptions.BusyLoadingError):
            time.sleep(POLL_SECONDS)
