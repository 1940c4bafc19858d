"""Circuit breakers: after too many failures in a window, calls to a dependency are refused for a while instead of piling up.

    closed --threshold failures within the window--> open --timeout--> half-open --success--> closed
                                                       ^----------------failure---'

A breaker belongs to its process. `reset()` also reaches the service from a second process of the same container
(`docker exec … python`): it touches a file, which the service compares with what it saw last.
"""

import functools
import inspect
import logging
import os
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from prometheus_client import Gauge
from tenacity import AsyncRetrying, Retrying, retry_if_not_exception_type, stop_after_attempt, wait_exponential

from common_utils.config import settings

log = logging.getLogger(__name__)

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])

RETRIES = 3
"""Repetitions after a failed call, 1 s, 2 s and 4 s apart."""

STATE = Gauge("circuit_breaker_state", "State of a circuit breaker: 0 closed, 1 half-open, 2 open.", ["name"])


class State(StrEnum):
    CLOSED = "closed"
    HALF_OPEN = "half-open"
    OPEN = "open"


_STATE_VALUE = {State.CLOSED: 0, State.HALF_OPEN: 1, State.OPEN: 2}


class CircuitBreakerError(RuntimeError):
    """The breaker is open: the call was not made."""


class CircuitBreaker:
    """Thread-safe; used around blocking and async calls alike.

    failure_threshold: failures within `window` that open it.
    window: seconds that a failure counts.
    timeout: seconds that it stays open before one trial call is let through.
    """

    def __init__(
        self,
        name: str,
        failure_threshold: int,
        timeout: float,
        window: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        reset_directory: Path | None = None,
    ) -> None:
        self.name = name
        self.failure_threshold = failure_threshold
        self.timeout = timeout
        self.window = window
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._failures: deque[float] = deque()
        self._successes = 0
        self._opened_at: float | None = None
        self._trial_since: float | None = None
        directory = reset_directory or Path(tempfile.gettempdir()) / "circuit-breakers"
        self._reset_file = directory / f"{name}.reset"
        self._reset_seen = self._reset_stamp()
        STATE.labels(name).set_function(lambda: _STATE_VALUE[self.state])

    @property
    def state(self) -> State:
        with self._lock:
            return self._state()

    def snapshot(self) -> dict[str, Any]:
        """The state as the health endpoint shows it; failures are those of the window, successes all since the start."""
        with self._lock:
            state = self._state()
            self._forget_old_failures()
            return {"state": state.value, "failure_count": len(self._failures), "success_count": self._successes}

    def reset(self) -> None:
        """Close the breaker, here and in the service that runs in this container."""
        with self._lock:
            self._close("by hand")
            self._reset_file.parent.mkdir(parents=True, exist_ok=True)
            self._reset_file.touch()
            self._reset_seen = self._reset_stamp()

    def call(self, function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Call once; raises CircuitBreakerError when open, else whatever `function` raises."""
        self._admit()
        try:
            result = function(*args, **kwargs)
        except Exception as error:
            self._failed(error)
            raise
        self._succeeded()
        return result

    def call_with_retries(self, function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Call up to four times, 1, 2 and 4 s apart, and stop early when the breaker opens."""
        return Retrying(sleep=self._sleep, **_RETRY_POLICY)(self.call, function, *args, **kwargs)

    async def call_async(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """As `call_with_retries`, for a coroutine function."""

        async def attempt() -> Any:
            self._admit()
            try:
                result = await function(*args, **kwargs)
            except Exception as error:
                self._failed(error)
                raise
            self._succeeded()
            return result

        return await AsyncRetrying(**_RETRY_POLICY)(attempt)

    def _state(self) -> State:
        stamp = self._reset_stamp()
        if stamp != self._reset_seen:
            self._reset_seen = stamp
            self._close("by hand")
        if self._opened_at is None:
            return State.CLOSED
        return State.HALF_OPEN if self._clock() - self._opened_at >= self.timeout else State.OPEN

    def _admit(self) -> None:
        with self._lock:
            state = self._state()
            now = self._clock()
            if state is State.HALF_OPEN:
                # One trial at a time; one that never came back does not block the next for ever.
                if self._trial_since is None or now - self._trial_since >= self.timeout:
                    self._trial_since = now
                    log.info("circuit breaker %s half-open: trying one call", self.name)
                    return
            elif state is State.CLOSED:
                return
            raise CircuitBreakerError(f"circuit breaker {self.name} is {state.value}")

    def _succeeded(self) -> None:
        with self._lock:
            self._successes += 1
            if self._trial_since is not None:
                self._close("trial call succeeded")

    def _failed(self, error: Exception) -> None:
        with self._lock:
            now = self._clock()
            self._forget_old_failures()
            self._failures.append(now)
            log.warning("circuit breaker %s: failure %d: %r", self.name, len(self._failures), error)
            if self._trial_since is not None or (self._opened_at is None and len(self._failures) >= self.failure_threshold):
                self._opened_at, self._trial_since = now, None
                log.error("circuit breaker %s open for %g s", self.name, self.timeout)

    def _close(self, why: str) -> None:
        if self._opened_at is not None:
            log.info("circuit breaker %s closed: %s", self.name, why)
        self._failures.clear()
        self._opened_at = self._trial_since = None

    def _forget_old_failures(self) -> None:
        horizon = self._clock() - self.window
        while self._failures and self._failures[0] <= horizon:
            self._failures.popleft()

    def _reset_stamp(self) -> int | None:
        try:
            return os.stat(self._reset_file).st_mtime_ns
        except FileNotFoundError:
            return None


_RETRY_POLICY: dict[str, Any] = {
    "stop": stop_after_attempt(1 + RETRIES),
    "wait": wait_exponential(multiplier=1, max=4),
    "retry": retry_if_not_exception_type(CircuitBreakerError),
    "reraise": True,
}

_breakers: dict[str, CircuitBreaker] = {}
_breakers_lock = threading.Lock()


def get_circuit_breaker(name: str, failure_threshold: int | None = None, timeout: float | None = None) -> CircuitBreaker:
    """The breaker of that name, made on first use; what is not given is taken from the settings."""
    with _breakers_lock:
        if name not in _breakers:
            defaults = settings()
            _breakers[name] = CircuitBreaker(
                name,
                failure_threshold or defaults.circuit_breaker_failure_threshold,
                timeout or defaults.circuit_breaker_timeout_seconds,
                defaults.circuit_breaker_window_seconds,
            )
        return _breakers[name]


def all_circuit_breakers() -> dict[str, CircuitBreaker]:
    """Every breaker of this process by name."""
    with _breakers_lock:
        return dict(_breakers)


def circuit_breaker(name: str, failure_threshold: int | None = None, timeout: float | None = None) -> Callable[[F], F]:
    """Decorate a function, blocking or async: guarded by the breaker `name`, retried after 1, 2 and 4 s."""

    def decorate(function: F) -> F:
        breaker = get_circuit_breaker(name, failure_threshold, timeout)
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def guarded_async(*args: Any, **kwargs: Any) -> Any:
                return await breaker.call_async(function, *args, **kwargs)

            return guarded_async  # type: ignore[return-value]

        @functools.wraps(function)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            return breaker.call_with_retries(function, *args, **kwargs)

        return guarded  # type: ignore[return-value]

    return decorate
