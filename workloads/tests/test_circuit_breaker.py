import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from common_utils import circuit_breaker as module
from common_utils.circuit_breaker import CircuitBreaker, CircuitBreakerError, State


class Clock:
    """Time that passes only when something sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock, tmp_path: Path) -> CircuitBreaker:
    return CircuitBreaker("dependency", 5, 60, 60, clock=clock, sleep=clock.sleep, reset_directory=tmp_path)


def fail() -> None:
    raise OSError("gone")


def fail_times(breaker: CircuitBreaker, times: int) -> None:
    for _ in range(times):
        with pytest.raises(OSError, match="gone"):
            breaker.call(fail)


def test_stays_closed_one_failure_below_the_threshold(breaker: CircuitBreaker) -> None:
    fail_times(breaker, 4)
    assert breaker.snapshot() == {"state": "closed", "failure_count": 4, "success_count": 0}


def test_opens_at_the_threshold_and_refuses_without_calling(breaker: CircuitBreaker) -> None:
    fail_times(breaker, 5)
    called = []
    with pytest.raises(CircuitBreakerError, match="dependency is open"):
        breaker.call(called.append, 1)
    assert (breaker.state, called) == (State.OPEN, [])


def test_forgets_failures_older_than_the_window(breaker: CircuitBreaker, clock: Clock) -> None:
    fail_times(breaker, 4)
    clock.now += 60
    fail_times(breaker, 1)
    assert breaker.snapshot()["failure_count"] == 1
    assert breaker.state is State.CLOSED


def test_is_half_open_after_the_timeout_and_closes_on_success(breaker: CircuitBreaker, clock: Clock) -> None:
    fail_times(breaker, 5)
    clock.now += 59.9
    assert breaker.state is State.OPEN
    clock.now += 0.1
    assert breaker.state is State.HALF_OPEN
    assert breaker.call(lambda: "back") == "back"
    assert breaker.snapshot() == {"state": "closed", "failure_count": 0, "success_count": 1}


def test_opens_again_when_the_trial_fails(breaker: CircuitBreaker, clock: Clock) -> None:
    fail_times(breaker, 5)
    clock.now += 60
    fail_times(breaker, 1)
    assert breaker.state is State.OPEN
    clock.now += 59.9
    assert breaker.state is State.OPEN


def test_lets_one_trial_through_at_a_time(breaker: CircuitBreaker, clock: Clock) -> None:
    fail_times(breaker, 5)
    clock.now += 60

    def trial() -> str:
        with pytest.raises(CircuitBreakerError, match="half-open"):
            breaker.call(lambda: None)
        return "only one"

    assert breaker.call(trial) == "only one"


def test_retries_after_1_2_and_4_seconds(breaker: CircuitBreaker, clock: Clock) -> None:
    with pytest.raises(OSError, match="gone"):
        breaker.call_with_retries(fail)
    assert clock.slept == [1, 2, 4]
    assert breaker.snapshot()["failure_count"] == 4


def test_stops_retrying_when_it_opens(breaker: CircuitBreaker, clock: Clock) -> None:
    fail_times(breaker, 3)
    with pytest.raises(CircuitBreakerError):
        breaker.call_with_retries(fail)
    assert clock.slept == [1, 2]


def test_a_retry_that_succeeds_is_the_answer(breaker: CircuitBreaker) -> None:
    outcomes = iter([OSError("once"), "value"])

    def flaky() -> str:
        outcome = next(outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    assert breaker.call_with_retries(flaky) == "value"


def test_reset_closes_it(breaker: CircuitBreaker) -> None:
    fail_times(breaker, 5)
    breaker.reset()
    assert breaker.snapshot() == {"state": "closed", "failure_count": 0, "success_count": 0}


def test_reset_in_a_second_process_reaches_the_first(breaker: CircuitBreaker, tmp_path: Path) -> None:
    fail_times(breaker, 5)
    reset = (
        "from pathlib import Path; from common_utils.circuit_breaker import CircuitBreaker;"
        f"CircuitBreaker('dependency', 5, 60, 60, reset_directory=Path({str(tmp_path)!r})).reset()"
    )
    subprocess.run([sys.executable, "-c", reset], check=True, cwd=Path(__file__).parents[1])
    assert breaker.state is State.CLOSED


def test_metric_follows_the_state(breaker: CircuitBreaker, clock: Clock) -> None:
    def metric() -> float:
        return next(s.value for s in next(iter(module.STATE.collect())).samples if s.labels["name"] == "dependency")

    assert metric() == 0
    fail_times(breaker, 5)
    assert metric() == 2
    clock.now += 60
    assert metric() == 1


def test_decorator_guards_a_function_with_its_own_thresholds() -> None:
    @module.circuit_breaker(name="decorated", failure_threshold=1, timeout=120)
    def call() -> None:
        fail()

    with pytest.raises(CircuitBreakerError):
        call()
    assert module.get_circuit_breaker("decorated").state is State.OPEN
    assert module.get_circuit_breaker("decorated").timeout == 120


def test_decorator_counts_failures_of_a_coroutine() -> None:
    @module.circuit_breaker(name="decorated_async", failure_threshold=1)
    async def call() -> None:
        fail()

    with pytest.raises(CircuitBreakerError):
        asyncio.run(call())
    assert module.get_circuit_breaker("decorated_async").state is State.OPEN


def test_the_same_name_is_the_same_breaker_with_the_defaults_of_the_settings() -> None:
    first = module.get_circuit_breaker("shared")
    assert module.get_circuit_breaker("shared") is first
    assert (first.failure_threshold, first.timeout, first.window) == (5, 60, 60)
