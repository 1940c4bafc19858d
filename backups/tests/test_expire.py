from datetime import datetime, timedelta, timezone

import pytest

from backup import clock
from backup.context import Context
from backup.expire import expire, expired
from backup.jobs.postgres_dump import tier
from backup.plan import Keep
from tests.fake_s3 import FakeS3
from tests.test_run import backup, made, three

__all__ = ["made", "three"]

NOW = datetime(2026, 11, 24, 5, tzinfo=timezone.utc)
DAY = 86400


def ids(*ages: float) -> list[str]:
    return [clock.id_of(NOW - timedelta(days=age)) for age in ages]


def test_backups_go_when_older_than_they_are_kept() -> None:
    assert expired(Keep(all=30 * DAY), ids(0, 30, 30.1, 400), NOW) == ids(30.1, 400)


def test_the_newest_stays_however_old() -> None:
    assert expired(Keep(all=DAY), ids(90), NOW) == []


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2026-11-24", "daily"), ("2026-11-22", "weekly"), ("2026-11-01", "monthly"), ("2026-12-01", "monthly")],
)
def test_the_day_decides_how_long_a_dump_is_kept(day: str, expected: str) -> None:
    moment = clock.parse(f"{day}T02:00:00Z")
    assert tier(Keep(daily=1, weekly=2, monthly=3), moment) == expected
    assert tier(Keep(daily=1), moment) == "daily"


def test_daily_weekly_and_monthly_dumps_go_each_after_its_time() -> None:
    keep = Keep(daily=30 * DAY, weekly=84 * DAY, monthly=365 * DAY)
    days = ["2026-11-24", "2026-10-01", "2026-09-20", "2026-09-21", "2026-08-30", "2025-12-01", "2025-11-01"]
    found = [clock.id_of(clock.parse(f"{day}T02:00:00Z")) for day in days]
    gone = [clock.moment_of(each).date().isoformat() for each in expired(keep, found, NOW)]
    assert gone == ["2026-09-21", "2026-08-30", "2025-11-01"]


@pytest.fixture
def no_database(loaded: Context, monkeypatch: pytest.MonkeyPatch) -> Context:
    """The plan without the job that pgBackRest expires itself."""
    jobs = [job for job in loaded.plan.jobs if job.kind != "postgres-physical"]
    loaded.__dict__["plan"] = loaded.plan.model_copy(update={"jobs": jobs})
    return loaded


def test_expired_backups_lose_manifest_and_files_and_the_rest_keeps_both(no_database: Context, s3: FakeS3, three: list[str]) -> None:
    lines = expire(no_database, clock.parse("2026-11-25T01:30:00Z"))
    assert next(line for line in lines if line["job"] == "artifacts") == {"job": "artifacts", "expired": 1, "kept": 2, "deletedFiles": 1}
    left = three[:2][::-1]
    assert s3.keys("locked") == [*(f"artifacts/{each}" for each in left), *(f"manifests/artifacts/{each}.json" for each in left)]


def test_nothing_of_a_job_goes_while_a_kept_manifest_is_damaged(no_database: Context, s3: FakeS3, three: list[str]) -> None:
    s3.spoil("locked", f"manifests/artifacts/{three[0]}.json", b"{}")
    expire(no_database, clock.parse("2026-11-25T01:30:00Z"))
    assert f"artifacts/{three[2]}" in s3.keys("locked")


def test_what_failed_runs_left_goes(no_database: Context, s3: FakeS3, made) -> None:
    made(lambda: (_ for _ in ()).throw(KeyError))
    backup(no_database, "artifacts")
    assert len(s3.keys("locked")) == 1
    expire(no_database, NOW)
    assert s3.keys("locked") == []
