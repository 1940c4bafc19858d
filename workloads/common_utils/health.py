"""Health of a role: it is what its dependencies allow it to be."""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

from common_utils.circuit_breaker import State, all_circuit_breakers
from common_utils.metrics import HEALTH

Details = dict[str, Any]


class CheckFailed(Exception):
    """A probe found its subject unusable; the details are shown beside the reason."""

    def __init__(self, reason: str, **details: Any) -> None:
        super().__init__(reason)
        self.details = details


@dataclass(frozen=True)
class Check:
    """One dependency.

    probe: returns details to show, or raises.
    hard: without it the role cannot do its work, so that it is unhealthy; a soft one only degrades it.
    """

    name: str
    probe: Callable[[], Details | None]
    hard: bool = True


def aggregate(service: str, checks: Mapping[str, tuple[bool, Details]], breakers: Mapping[str, Details]) -> tuple[int, Details]:
    """HTTP status and body from outcomes (`hard`, details with a `status` of ok or failed) and breaker snapshots."""
    failed = [hard for hard, details in checks.values() if details["status"] != "ok"]
    if any(failed):
        status = "unhealthy"
    elif failed or any(breaker["state"] != State.CLOSED for breaker in breakers.values()):
        status = "degraded"
    else:
        status = "healthy"
    body = {
        "status": status,
        "service": service,
        "checks": {name: details for name, (_, details) in checks.items()},
        "circuit_breakers": dict(breakers),
    }
    return 503 if status == "unhealthy" else 200, body


class HealthMonitor:
    """Runs the checks side by side, each bounded in time, and remembers the outcome for a moment.

    ttl: seconds that an outcome is shown again without a new probe.
    timeout: seconds after which a probe counts as failed; a probe that hangs is not started a second time.
    """

    def __init__(
        self,
        service: str,
        checks: list[Check],
        *,
        ttl: float = 2,
        timeout: float = 3,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._service = service
        self._checks = checks
        self._ttl = ttl
        self._timeout = timeout
        self._clock = clock
        self._pool = ThreadPoolExecutor(max(1, len(checks)), thread_name_prefix="health")
        self._running: dict[str, Future[Details]] = {}
        self._outcomes: dict[str, tuple[bool, Details]] = {}
        self._probed_at: float | None = None

    def report(self) -> tuple[int, Details]:
        """HTTP status and body of the health endpoint."""
        if self._probed_at is None or self._clock() - self._probed_at >= self._ttl:
            self._outcomes = self._probe_all()
            self._probed_at = self._clock()
        breakers = {name: breaker.snapshot() for name, breaker in sorted(all_circuit_breakers().items())}
        return aggregate(self._service, self._outcomes, breakers)

    def _probe_all(self) -> dict[str, tuple[bool, Details]]:
        for check in self._checks:
            running = self._running.get(check.name)
            if running is None or running.done():
                self._running[check.name] = self._pool.submit(_probe, check)
        wait(self._running.values(), self._timeout)
        outcomes = {}
        for check in self._checks:
            future = self._running[check.name]
            details = future.result() if future.done() else _failed(f"no answer within {self._timeout:g} s")
            HEALTH.labels(check.name).set(details["status"] == "ok")
            outcomes[check.name] = (check.hard, details)
        return outcomes


def _probe(check: Check) -> Details:
    try:
        return {"status": "ok"} | (check.probe() or {})
    except CheckFailed as error:
        return _failed(str(error)) | error.details
    except Exception as error:  # whatever a driver raises means the same here
        return _failed(f"{type(error).__name__}: {error}")


def _failed(reason: str) -> Details:
    return {"status": "failed", "reason": reason}
