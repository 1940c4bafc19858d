import json
import logging
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client import CollectorRegistry

from backup import buckets, cli, clock, metrics, records, serve, state
from backup.catch_up import CatchUp
from backup.context import Context
from backup.errors import ConfigError
from backup.jobs import models
from backup.metrics import Collector
from backup.paths import Paths, read_secret
from backup.plan import Plan
from backup.restore.test import _part
from backup.s3 import credentials_of
from tests.conftest import plan
from tests.fake_s3 import FakeS3
from tests.test_run import backup, fail, made

__all__ = ["made"]


def sample(context: Context, name: str, **labels: str) -> float | None:
    registry = CollectorRegistry()
    registry.register(Collector(context))  # type: ignore[arg-type]
    return registry.get_sample_value(name, labels)


def test_metrics_of_a_success_and_of_a_failure_after_it(loaded: Context, made) -> None:
    made(lambda: None)
    backup(loaded, "kafka")
    first = sample(loaded, "backup_last_success_timestamp_seconds", backup="kafka")
    assert first == sample(loaded, "backup_first_success_timestamp_seconds", backup="kafka")
    assert sample(loaded, "backup_last_size_bytes", backup="kafka") == 7
    assert sample(loaded, "backup_max_age_seconds", backup="kafka") == 93600
    made(fail(KeyError()))
    backup(loaded, "kafka")
    assert sample(loaded, "backup_last_run_failed", backup="kafka") == 1
    assert sample(loaded, "backup_failures_total", backup="kafka") == 1
    assert sample(loaded, "backup_last_success_timestamp_seconds", backup="kafka") == first


def test_what_never_happened_has_no_series(loaded: Context) -> None:
    assert sample(loaded, "backup_last_success_timestamp_seconds", backup="kafka") is None
    assert sample(loaded, "game_day_last_success_timestamp_seconds") is None
    assert sample(loaded, "backup_last_run_failed", backup="kafka") == 0
    assert sample(loaded, "restore_test_last_run_failed") == 0


def test_an_empty_scratch_folder_learns_from_the_vault(loaded: Context, made, monkeypatch: pytest.MonkeyPatch) -> None:
    made(lambda: None)
    for backup_id in ("20261124T010000Z", "20261124T020000Z"):
        monkeypatch.setattr("backup.run.clock.id_of", lambda moment, backup_id=backup_id: backup_id)
        backup(loaded, "kafka")
    before = sample(loaded, "backup_last_success_timestamp_seconds", backup="kafka")
    state.write(loaded.paths, "kafka", state.State())
    metrics.learn(loaded)
    assert sample(loaded, "backup_last_success_timestamp_seconds", backup="kafka") == pytest.approx(before, abs=1)
    assert sample(loaded, "backup_first_success_timestamp_seconds", backup="kafka") == clock.moment_of("20261124T010000Z").timestamp()


def record(context: Context, finished: str, *, held: bool) -> None:
    report = records.Report(finished=clock.parse(finished), held=held)
    records.store(context, "game-day", report, {"finished": finished, "held": held, "more": 1})


def test_the_last_game_day_that_held_is_told_by_the_vault(loaded: Context, s3: FakeS3) -> None:
    record(loaded, "2026-11-01T10:00:00Z", held=True)
    record(loaded, "2026-11-02T10:00:00Z", held=False)
    record(loaded, "2026-11-03T10:00:00Z", held=True)
    s3.spoil("locked", "records/game-day/20261103T100000Z.json", b"{}")
    metrics.learn(loaded)
    assert sample(loaded, "game_day_last_success_timestamp_seconds") == datetime(2026, 11, 1, 10, tzinfo=timezone.utc).timestamp()


@pytest.mark.parametrize("content", ["{", "[]", '{"held": true}', '{"finished": "2026-11-01T10:00:00", "held": true}'])
def test_a_report_without_end_or_outcome_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "report.json").write_text(content)
    with pytest.raises(ConfigError, match="--file"):
        records.load(tmp_path / "report.json")


def test_a_job_is_due_when_it_has_no_backup_or_an_old_one(loaded: Context, made, monkeypatch: pytest.MonkeyPatch) -> None:
    job = loaded.plan.job("kafka")
    assert serve.is_due(loaded, job)
    made(lambda: None)
    backup(loaded, "kafka")
    assert not serve.is_due(loaded, job)
    later = clock.now().timestamp() + 93601
    monkeypatch.setattr(serve.clock, "now", lambda: datetime.fromtimestamp(later, timezone.utc))
    assert serve.is_due(loaded, job)


class Process:
    """A run that ends when it is told to."""

    started: list[list[str]] = []  # noqa: RUF012

    def __init__(self, arguments: list[str]) -> None:
        self.code: int | None = None
        Process.started.append(arguments[4:])

    def poll(self) -> int | None:
        return 0


def test_failed_jobs_are_run_again_with_longer_and_longer_pauses(loaded: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    Process.started = []
    monkeypatch.setattr("backup.catch_up.subprocess.Popen", Process)
    catching_up = CatchUp(loaded, ["kafka", "models"])
    state.failed(loaded.paths, "models")
    starts = []
    for second in range(300):
        catching_up.tick(second)
        starts += [second] * (len(Process.started) - len(starts))
    assert starts == [0, 30, 90, 210]
    assert Process.started == [["kafka", "models"], ["models"], ["models"], ["models"]]
    state.succeeded(loaded.paths, "models", 1, 1, 1)
    for second in range(300, 4000):
        catching_up.tick(second)
    assert len(Process.started) == 4


def test_the_restore_test_does_not_hold_on_an_older_backup() -> None:
    assert _part("redis", lambda: {"fellBack": []})["held"]
    passed_over = [{"id": "x", "file": "redis/x.rdb", "why": "is damaged"}]
    line = _part("redis", lambda: {"fellBack": passed_over})
    assert not line["held"]
    assert line["message"] == "the newest backup is refused: redis/x.rdb: is damaged"


class Buckets:
    """The part of an S3 client that makes buckets."""

    def __init__(self, *names: str) -> None:
        self.names = list(names)
        self.calls: list[tuple[str, Any]] = []

    def list_buckets(self) -> dict:
        return {"Buckets": [{"Name": name} for name in self.names]}

    def create_bucket(self, Bucket: str, ObjectLockEnabledForBucket: bool) -> None:
        self.names.append(Bucket)
        self.calls.append(("create", (Bucket, ObjectLockEnabledForBucket)))

    def get_bucket_versioning(self, Bucket: str) -> dict:
        return {}

    def put_bucket_versioning(self, Bucket: str, VersioningConfiguration: dict) -> None:
        self.calls.append(("versioning", VersioningConfiguration["Status"]))

    def put_object_lock_configuration(self, Bucket: str, ObjectLockConfiguration: dict) -> None:
        self.calls.append(("lock", ObjectLockConfiguration["Rule"]["DefaultRetention"]))

    def put_bucket_policy(self, Bucket: str, Policy: str) -> None:
        self.calls.append(("policy", json.loads(Policy)))


def test_buckets_are_brought_to_the_declaration() -> None:
    client = Buckets("recent")
    lock = buckets.Lock(mode="GOVERNANCE", days=14)
    policy = {"Version": "2012-10-17", "Statement": []}
    declared = [buckets.Bucket(name="locked", lock=lock, policy=policy), buckets.Bucket(name="recent")]
    assert buckets.bring(client, declared) == [{"bucket": "locked", "done": "created"}, {"bucket": "recent", "done": "unchanged"}]
    assert client.calls == [
        ("create", ("locked", True)),
        ("versioning", "Enabled"),
        ("lock", {"Mode": "GOVERNANCE", "Days": 14}),
        ("policy", policy),
        ("versioning", "Enabled"),
    ]


@pytest.mark.parametrize(
    "content",
    ["{", '{"version": 2, "endpoint": "https://vault:9000", "buckets": []}', '{"version": 1, "endpoint": "x", "buckets": [{"name": "A"}]}'],
)
def test_a_wrong_file_of_buckets_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "buckets.json").write_text(content)
    with pytest.raises(ConfigError, match="--file"):
        buckets.load(tmp_path / "buckets.json")


def test_a_missing_secret_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none: must be a file that can be read .*; mount the secret there with mode 0400"):
        read_secret(tmp_path / "none")


def test_a_pod_with_a_role_needs_no_keys(paths: Paths, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    vault = {"endpoint": "https://s3.eu-west-1.amazonaws.com", "bucket": "b", "unlockedBucket": "c", "region": "eu-west-1"}
    loaded = Context(paths, Plan.model_validate(plan(vault={**vault, "identity": "web-identity"})))
    monkeypatch.delenv("AWS_ROLE_ARN", raising=False)
    monkeypatch.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", str(tmp_path / "token"))
    with pytest.raises(ConfigError, match=r"^AWS_ROLE_ARN: must be set by the cluster; annotate the pod's service account"):
        _ = loaded.vault
    monkeypatch.setenv("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/writer")
    client = loaded.vault._client
    assert client.meta.endpoint_url == "https://s3.eu-west-1.amazonaws.com"
    assert client._request_signer._credentials.method == "assume-role-with-web-identity"


def test_credentials_come_from_a_shared_credentials_file(tmp_path: Path) -> None:
    file = tmp_path / "credentials"
    file.write_text("[default]\naws_access_key_id = writer\naws_secret_access_key = a%b=c\n")
    assert credentials_of(file) == ("writer", "a%b=c")
    file.write_text("aws_secret_access_key = secret-value\n")
    with pytest.raises(ConfigError, match=r"must be an AWS shared credentials file") as error:
        credentials_of(file)
    assert "secret-value" not in str(error.value)


MLFLOW: dict[str, Any] = {
    "/api/2.0/mlflow/registered-models/search": {
        "registered_models": [
            {"name": "production_model", "aliases": [{"alias": "production", "version": "3"}, {"alias": "next", "version": "4"}]},
            {"name": "draft"},
        ]
    },
    "/api/2.0/mlflow/model-versions/get-download-uri": {"artifact_uri": "mlflow-artifacts:/1/run/artifacts/model"},
    "/api/2.0/mlflow-artifacts/artifacts?path=1/run/artifacts/model": {
        "files": [{"path": "weights", "is_dir": False, "file_size": "7"}, {"path": "sub", "is_dir": True}]
    },
    "/api/2.0/mlflow-artifacts/artifacts?path=1/run/artifacts/model/sub": {"files": [{"path": "a b", "file_size": 5}]},
    "/api/2.0/mlflow-artifacts/artifacts/1/run/artifacts/model/weights": b"weights",
    "/api/2.0/mlflow-artifacts/artifacts/1/run/artifacts/model/sub/a b": b"hello",
}


def test_models_in_production_are_copied_once(loaded: Context, s3: FakeS3, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        path = request.url.params.get("path")
        key = f"{request.url.path}?path={path}" if path else request.url.path
        asked.append(key)
        content = MLFLOW.get(key)
        if content is None:
            return httpx.Response(404)
        return httpx.Response(200, content=content) if isinstance(content, bytes) else httpx.Response(200, json=content)

    client = httpx.Client
    monkeypatch.setattr(models.httpx, "Client", lambda **options: client(transport=httpx.MockTransport(answer), **options))
    assert backup(loaded, "models")[0]
    found = {key: s3.content("locked", key) for key in s3.keys("locked") if key.startswith("models/")}
    assert found == {"models/production_model/3/weights": b"weights", "models/production_model/3/sub/a b": b"hello"}
    asked.clear()
    assert backup(loaded, "models")[0]
    assert not any(key.startswith("/api/2.0/mlflow-artifacts/artifacts/") for key in asked)


@pytest.fixture
def run_cli(loaded: Context, monkeypatch: pytest.MonkeyPatch):
    """The command line on the vault in memory."""
    monkeypatch.setattr(cli.context, "load", lambda paths: loaded)
    handlers = logging.getLogger().handlers
    yield lambda *arguments: cli.main(list(arguments), loaded.paths)
    logging.getLogger().handlers = handlers


def test_exit_codes_and_lines(run_cli, made, s3: FakeS3, capsys: pytest.CaptureFixture[str]) -> None:
    made(lambda: None)
    assert run_cli("run", "kafka") == 0
    line = json.loads(capsys.readouterr().out)
    assert run_cli("list", "kafka") == 0
    assert json.loads(capsys.readouterr().out)["id"] == line["id"]
    assert run_cli("verify", "kafka") == 0
    s3.spoil("locked", f"kafka/{line['id']}", b"Content")
    assert run_cli("verify", "kafka") == 3
    out, err = capsys.readouterr()
    assert json.loads(out.splitlines()[-1])["refused"]["file"] == f"kafka/{line['id']}"
    assert json.loads(err.splitlines()[-1])["file"] == f"kafka/{line['id']}"
    made(fail(KeyError()))
    assert run_cli("run", "kafka") == 1
    assert run_cli("run", "grafana") == 2
    assert run_cli("run") == 2
    assert run_cli("run", "--all", "kafka") == 2
    assert run_cli("verify", "kafka", "--id", "newest") == 2


@pytest.mark.parametrize(
    "arguments", [[], ["paint"], ["restore-database"], ["restore-database", "--pgdata=x", "--to=noon"], ["record", "party"]]
)
def test_wrong_arguments_end_with_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments, Paths())
    assert ended.value.code == 2


def test_a_missing_plan_ends_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["list"], Paths(plan=tmp_path / "none.json")) == 2
    assert "none.json: must be a readable file" in capsys.readouterr().err
