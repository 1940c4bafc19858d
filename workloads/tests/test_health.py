import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from common_utils.health import Check, CheckFailed, HealthMonitor, aggregate
from services.data_service import data_quality

OK = {"status": "ok"}
FAILED = {"status": "failed", "reason": "gone"}
CLOSED = {"state": "closed", "failure_count": 0, "success_count": 1}
OPEN = {"state": "open", "failure_count": 5, "success_count": 1}


@pytest.mark.parametrize(
    ("checks", "breakers", "expected"),
    [
        ({}, {}, (200, "healthy")),
        ({"redis": (True, OK)}, {"redis": CLOSED}, (200, "healthy")),
        ({"redis": (True, FAILED)}, {}, (503, "unhealthy")),
        ({"kafka": (False, FAILED), "redis": (True, OK)}, {}, (200, "degraded")),
        ({"redis": (True, OK)}, {"redis": OPEN}, (200, "degraded")),
        ({"kafka": (False, FAILED), "redis": (True, FAILED)}, {}, (503, "unhealthy")),
    ],
)
def test_hard_dependencies_make_unhealthy_soft_ones_and_breakers_degrade(
    checks: dict[str, Any], breakers: dict[str, Any], expected: tuple[int, str]
) -> None:
    status, body = aggregate("service", checks, breakers)
    assert (status, body["status"]) == expected
    assert body["circuit_breakers"] == breakers


def test_the_report_shows_details_and_reasons() -> None:
    def fails() -> None:
        raise CheckFailed("stale", freshness_seconds=31)

    def breaks() -> None:
        raise ConnectionError("refused")

    monitor = HealthMonitor("service", [Check("good", lambda: {"brokers": 3}), Check("data", fails), Check("db", breaks)])
    assert monitor.report()[1]["checks"] == {
        "good": {"status": "ok", "brokers": 3},
        "data": {"status": "failed", "reason": "stale", "freshness_seconds": 31},
        "db": {"status": "failed", "reason": "ConnectionError: refused"},
    }


def test_an_outcome_is_kept_for_the_ttl() -> None:
    now = [0.0]
    probes: list[int] = []
    monitor = HealthMonitor("service", [Check("db", lambda: probes.append(1))], ttl=2, clock=lambda: now[0])
    monitor.report()
    now[0] = 1.9
    monitor.report()
    assert len(probes) == 1
    now[0] = 2.0
    monitor.report()
    assert len(probes) == 2


def test_a_probe_that_hangs_fails_in_time_and_is_not_started_again() -> None:
    release = threading.Event()
    started: list[int] = []

    def hangs() -> None:
        started.append(1)
        release.wait(30)

    monitor = HealthMonitor("service", [Check("db", hangs)], ttl=0, timeout=0.05)
    try:
        for _ in range(2):
            status, body = monitor.report()
            assert status == 503
            assert body["checks"]["db"] == {"status": "failed", "reason": "no answer within 0.05 s"}
        assert started == [1]
    finally:
        release.set()


NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_data_quality_of_fresh_whole_data() -> None:
    assert data_quality(NOW - timedelta(seconds=30), 100, 5, NOW) == {"freshness_seconds": 30.0, "null_ratio": 0.05, "symbols": 3}


@pytest.mark.parametrize(
    ("newest", "nulls", "reason"),
    [
        (None, 0, "no price yet"),
        (NOW - timedelta(seconds=31), 0, "older than 30 s"),
        (NOW, 6, "more than 5% of the features are missing"),
    ],
)
def test_data_quality_faults(newest: datetime | None, nulls: int, reason: str) -> None:
    with pytest.raises(CheckFailed, match=reason):
        data_quality(newest, 100, nulls, NOW)
