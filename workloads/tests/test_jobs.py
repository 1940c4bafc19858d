import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from common_utils.config import ConfigError
from jobs import health_report, kafka_topics, object_store_buckets
from jobs.checkpoint_cleanup import Run, expired
from jobs.disk_usage_trend import line
from jobs.kafka_topics import Found, Plan, Topic, plan

NOW = datetime(2026, 1, 31, tzinfo=UTC)


def topic(partitions: int = 3, replicas: int = 3, **config: str) -> Topic:
    return Topic(name="t", partitions=partitions, replicationFactor=replicas, config=config)


def found(partitions: int = 3, replicas: int = 3, **config: str) -> dict[str, Found]:
    return {"t": Found(partitions=partitions, replication_factor=replicas, config=config)}


def test_a_missing_topic_is_created() -> None:
    assert plan([topic()], {}) == Plan(create=[topic()])


def test_a_topic_as_declared_needs_nothing() -> None:
    assert plan([topic(retention="1")], found(retention="1", other="x")) == Plan()


def test_partitions_are_added_and_configs_that_differ_altered() -> None:
    wanted = topic(5, retention="2", kept="x")
    assert plan([wanted], found(3, retention="1", kept="x")) == Plan(add_partitions=[wanted], alter={"t": {"retention": "2"}})


def test_fewer_partitions_or_another_replication_factor_are_refused() -> None:
    faults = plan([topic(2, 2)], found(3, 3)).impossible
    assert len(faults) == 2
    assert "has 3 partitions, which cannot become 2" in faults[0]
    assert "replication factor 3, declared 2" in faults[1]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("{", "Invalid JSON"),
        (json.dumps([{"name": "a b", "partitions": 1, "replicationFactor": 1}]), "pattern"),
        (json.dumps([{"name": "a", "partitions": 0, "replicationFactor": 1}]), "greater than or equal to 1"),
        (json.dumps([{"name": "a", "partitions": 1, "replicationFactor": 1, "retention": 1}]), "retention"),
    ],
)
def test_a_wrong_topics_file_is_refused(tmp_path: Path, content: str, fault: str) -> None:
    file = tmp_path / "topics.json"
    file.write_text(content)
    with pytest.raises(ConfigError, match=fault):
        kafka_topics.load(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"--file '.*buckets.json': must be a readable file"):
        object_store_buckets.load(tmp_path / "buckets.json")


class Store:
    """The part of an S3 client that the job uses."""

    def __init__(self, **versioning: str | None) -> None:
        self.versioning = versioning
        self.writes: list[str] = []

    def list_buckets(self) -> dict:
        return {"Buckets": [{"Name": name} for name in self.versioning]}

    def create_bucket(self, Bucket: str) -> None:
        self.writes.append(f"create {Bucket}")
        self.versioning[Bucket] = None

    def get_bucket_versioning(self, Bucket: str) -> dict:
        status = self.versioning[Bucket]
        return {"Status": status} if status else {}

    def put_bucket_versioning(self, Bucket: str, VersioningConfiguration: dict) -> None:
        self.writes.append(f"{VersioningConfiguration['Status']} {Bucket}")
        self.versioning[Bucket] = VersioningConfiguration["Status"]


def test_buckets_are_brought_to_the_declaration_and_a_second_run_writes_nothing() -> None:
    store = Store(plain=None, kept="Enabled", stopped="Enabled")
    declared = [
        object_store_buckets.Bucket(name=name, versioning=versioning)
        for name, versioning in {"plain": False, "kept": True, "stopped": False, "new": True}.items()
    ]
    object_store_buckets.bring(store, declared)
    assert store.writes == ["Suspended stopped", "create new", "Enabled new"]
    store.writes.clear()
    object_store_buckets.bring(store, declared)
    assert store.writes == []


def run(name: str, days: float, loss: float | None = None, experiment: str = "1", production: bool = False) -> Run:
    return Run(run_id=name, experiment_id=experiment, started=NOW - timedelta(days=days), validation_loss=loss, production=production)


def ids(runs: list[Run]) -> list[str]:
    return [each.run_id for each in runs]


def test_checkpoints_go_when_older_than_30_days() -> None:
    assert ids(expired([run("at", 30), run("beyond", 30.1)], NOW)) == ["beyond"]


def test_the_ten_best_of_each_experiment_stay() -> None:
    first = [run(f"a{i}", 40, loss=i) for i in range(11)]
    second = [run(f"b{i}", 40, loss=i, experiment="2") for i in range(10)]
    assert ids(expired(first + second, NOW)) == ["a10"]


def test_a_young_run_among_the_best_takes_a_place() -> None:
    runs = [run("young", 1, loss=0), *(run(f"old{i}", 40, loss=1 + i) for i in range(10))]
    assert ids(expired(runs, NOW)) == ["old9"]


def test_production_stays_and_a_run_without_a_loss_is_never_best() -> None:
    assert ids(expired([run("live", 40, production=True), run("failed", 40)], NOW)) == ["failed"]


def test_the_health_report_names_what_is_down_and_firing() -> None:
    subject, body = health_report.report(
        [({"job": "ultrathink-redis", "instance": "redis:9121"}, 0), ({"job": "ultrathink-mlflow"}, 1)],
        [({"alertname": "Watchdog"}, 1), ({"alertname": "RedisDown", "severity": "critical", "service": "redis"}, 1)],
    )
    assert subject == "Health: 1 of 2 targets up, 1 alerts firing"
    assert body == "Down:\n  ultrathink-redis (redis:9121)\nFiring:\n  RedisDown [critical] redis"


@pytest.mark.parametrize(
    ("per_day", "text"),
    [
        (0.01, "/data: 80.0% used, +1.00% a day, full in 20 days"),
        (-0.01, "/data: 80.0% used, -1.00% a day"),
        (0.0, "/data: 80.0% used, +0.00% a day"),
        (None, "/data: 80.0% used"),
    ],
)
def test_a_line_of_the_disk_trend(per_day: float | None, text: str) -> None:
    assert line("/data", 0.8, per_day) == text
