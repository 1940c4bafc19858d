"""Runs what is due when the sidecar starts, and again what failed, with longer and longer pauses as long as it goes on failing."""

import logging
import subprocess
import sys

from backup import programs, state
from backup.context import Context

log = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 30, 1800


class CatchUp:
    """One run at a time, in a process of its own."""

    def __init__(self, context: Context, due: list[str]) -> None:
        self._context = context
        self._due = due
        self._process: subprocess.Popen | None = None
        self._pause = FIRST_PAUSE_SECONDS
        self._next = 0.0

    def tick(self, now: float) -> None:
        """Start a run when it is time for one. `now` is the monotonic clock's."""
        if self._running() or now < self._next:
            return
        names = self._due or self._failed()
        self._due = []
        if names:
            log.info("running now: %s", ", ".join(names))
            self._process = subprocess.Popen([sys.executable, "-m", "backup", "run", *names])
        self._next = now + self._pause
        self._pause = min(self._pause * 2, LONGEST_PAUSE_SECONDS) if names else FIRST_PAUSE_SECONDS

    def end(self) -> None:
        if self._process is not None and self._running():
            programs.end(self._process)

    def _running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _failed(self) -> list[str]:
        """What a job reads may not have been there yet, or may have been away for a while."""
        return [job.name for job in self._context.plan.jobs if state.read(self._context.paths, job.name).last_run_failed]
