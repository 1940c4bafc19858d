import json
from pathlib import Path
from typing import Any

import pytest

from backup.errors import ConfigError
from backup.plan import load
from tests.conftest import plan


def write(folder: Path, content: Any) -> Path:
    file = folder / "backup.json"
    file.write_text(json.dumps(content))
    return file


def test_a_whole_plan_is_read(tmp_path: Path) -> None:
    loaded = load(write(tmp_path, plan()))
    assert loaded.database is not None
    assert loaded.database.databases == ["experiments", "mlflow"]
    assert loaded.bucket_of(loaded.job("redis-queue")) == "recent"
    assert loaded.bucket_of(loaded.job("dump")) == "locked"


def test_parts_that_no_job_reads_may_be_absent(tmp_path: Path) -> None:
    loaded = load(write(tmp_path, plan(redis=None, mlflow=None, kafka=None, database=None, jobs=[plan()["jobs"][3]])))
    assert [job.name for job in loaded.jobs] == ["artifacts"]
    with pytest.raises(ConfigError, match="no job of kind redis-rdb"):
        loaded.of_kind("redis-rdb")


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"version": 2}, "version: Input should be 1"),
        ({"kafka": None}, "kafka of kind kafka-definitions needs the plan's kafka"),
        ({"objectStore": None}, "artifacts of kind object-store needs the plan's objectStore"),
        ({"jobs": [plan()["jobs"][0]] * 2}, "two have the same name"),
        ({"jobs": [{**plan()["jobs"][0], "keep": {}}]}, "give either all or daily"),
        ({"jobs": [{**plan()["jobs"][0], "kind": "tape"}]}, "jobs.0.kind"),
        ({"jobs": [{**plan()["jobs"][0], "schedule": "daily"}]}, "jobs.0.schedule"),
        ({"more": 1}, "more: Extra inputs are not permitted"),
    ],
)
def test_a_wrong_plan_is_refused_with_the_fault_named(tmp_path: Path, changes: dict, fault: str) -> None:
    with pytest.raises(ConfigError) as error:
        load(write(tmp_path, plan(**changes)))
    assert fault in str(error.value)


def test_an_unknown_job_is_refused_with_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="job 'grafana': unknown; the plan has timescaledb, dump"):
        load(write(tmp_path, plan())).job("grafana")


def test_a_missing_plan_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none.json: must be a readable file"):
        load(tmp_path / "none.json")
