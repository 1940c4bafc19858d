"""Background work of a role."""

import logging
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)


class Loop:
    """Calls `body` every `interval` seconds in a thread of its own; an error is logged and the next turn tried."""

    def __init__(self, name: str, interval: float, body: Callable[[], None]) -> None:
        self.name = name
        self._interval = interval
        self._body = body
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ask it to end and give the turn under way a moment; a stop is to take seconds."""
        self._stop.set()
        self._thread.join(3)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._body()
            except Exception as error:
                log.error("%s failed: %r", self.name, error)
            self._stop.wait(self._interval)
