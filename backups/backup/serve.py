"""The sidecar's main process: makes the first backups, runs the schedule, and tells how it goes on /metrics and /health."""

import http.server
import json
import logging
import signal
import subprocess
import threading
import time
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from backup import catalogue, clock, metrics, pgbackrest, programs
from backup.catch_up import CatchUp
from backup.context import Context
from backup.database import live
from backup.errors import Failed, Refused
from backup.manifest import Manifest
from backup.metrics import Collector
from backup.plan import Job
from backup.restore.timeline import timeline_of

log = logging.getLogger(__name__)

PORT = 9754
RETRY_SECONDS = 15
LEARN_SECONDS = 300
"""How often the vault is asked for what other containers recorded."""


class Sidecar:
    """What the process has begun, and whether it works."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._fault: str | None = "the first look at the vault and the database is under way"
        self._schedule: subprocess.Popen | None = None
        self._catch_up: CatchUp | None = None
        self._stopping = threading.Event()

    def health(self) -> str | None:
        """What is wrong; None when the schedule runs against a vault and a database that were there."""
        if self._fault is None and self._schedule is not None and self._schedule.poll() is not None:
            return f"the schedule ended with {self._schedule.returncode}"
        return self._fault

    def run(self) -> int:
        """Work until SIGTERM, or until the schedule ends on its own."""
        signal.signal(signal.SIGTERM, lambda *_: self._stopping.set())
        signal.signal(signal.SIGINT, lambda *_: self._stopping.set())
        server = http.server.ThreadingHTTPServer(("", PORT), _handler(self._context, self))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            while not self._stopping.is_set() and not self._prepare():
                self._stopping.wait(RETRY_SECONDS)
            if not self._stopping.is_set():
                self._work()
        finally:
            if self._catch_up is not None:
                self._catch_up.end()
            if self._schedule is not None and self._schedule.poll() is None:
                programs.end(self._schedule)
            server.shutdown()
        return 0 if self._stopping.is_set() else 1

    def _prepare(self) -> bool:
        """Stanza and state; False when vault or database are not there yet."""
        try:
            self._context.vault.reach(self._context.plan.vault.bucket)
            if self._context.plan.database is not None:
                pgbackrest.prepare(self._context.plan.database.stanza)
            metrics.learn(self._context)
        except (Failed, Refused) as error:
            self._fault = str(error)
            log.error("not ready: %s", error)
            return False
        return True

    def _work(self) -> None:
        self._schedule = subprocess.Popen(["supercronic", "-json", "-passthrough-logs", str(self._context.paths.crontab)])
        self._fault = None
        due = [job.name for job in self._context.plan.jobs if is_due(self._context, job)]
        self._catch_up = CatchUp(self._context, due)
        next_look = time.monotonic() + LEARN_SECONDS
        while not self._stopping.wait(1):
            if self._schedule.poll() is not None:
                log.error("%s", self.health())
                return
            self._catch_up.tick(time.monotonic())
            if time.monotonic() >= next_look:
                next_look = time.monotonic() + LEARN_SECONDS
                self._learn()

    def _learn(self) -> None:
        try:
            metrics.learn(self._context)
        except (Failed, Refused) as error:
            log.warning("the vault could not be asked: %s", error)


def is_due(context: Context, job: Job) -> bool:
    """Whether a job's newest backup is too old, or leads to another database than the one that runs."""
    newest = catalogue.newest(context, job)
    if newest is None or (clock.now() - newest.started).total_seconds() > job.max_age_seconds:
        return True
    return job.kind == "postgres-physical" and _is_of_another_timeline(context, newest)


def _is_of_another_timeline(context: Context, newest: Manifest) -> bool:
    """After a restore the backups of the timeline before lead to the present no more, or only by a detour."""
    assert context.plan.database is not None
    with live(context.plan.database).connect("postgres") as connection:
        row = connection.execute(
            "SELECT pg_walfile_name(pg_current_wal_lsn()), system_identifier::text FROM pg_control_system()"
        ).fetchone()
    assert row is not None
    segment, system = row
    made = newest.details
    return (timeline_of(segment), system) != (timeline_of(made["restorePointWal"]), made["systemIdentifier"])


def _handler(context: Context, sidecar: Sidecar) -> type[http.server.BaseHTTPRequestHandler]:
    registry = CollectorRegistry()
    registry.register(Collector(context))  # type: ignore[arg-type]

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/metrics":
                self._answer(200, CONTENT_TYPE_LATEST, generate_latest(registry))
            elif self.path == "/health":
                fault = sidecar.health()
                self._answer(503 if fault else 200, "application/json", json.dumps({"healthy": fault is None, "fault": fault}).encode())
            else:
                self._answer(404, "text/plain", b"/metrics and /health are served here\n")

        def _answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: Any) -> None:
            """A line for each scrape would drown the rest."""

    return Handler


def serve(context: Context) -> int:
    return Sidecar(context).run()
