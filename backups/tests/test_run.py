from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from backup import catalogue, run, state
from backup.catalogue import first_usable
from backup.context import Context
from backup.errors import ConfigError, Failed, PartiallyFailed, Refused
from backup.jobs import Made
from backup.manifest import Manifest
from backup.plan import Job
from tests.fake_s3 import FakeS3


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], None]:
    """Replaces what every job does."""

    def use(do: Callable[[], None]) -> None:
        def make(context: Context, job: Job, backup_id: str, started: datetime) -> Made:
            file = context.vault.put(context.plan.bucket_of(job), f"{job.name}/{backup_id}", b"content")
            do()
            return Made([file], counts={"keys": 1})

        monkeypatch.setattr(run, "make_of", lambda kind: make)

    return use


def backup(context: Context, *jobs: str) -> tuple[bool, list[dict[str, Any]]]:
    lines: list[dict[str, Any]] = []
    done = run.run(context, [context.plan.job(job) for job in jobs], lines.append)
    return done, lines


def fail(error: BaseException) -> Callable[[], None]:
    def do() -> None:
        raise error

    return do


def test_a_completed_backup_has_a_manifest_and_is_in_the_state(loaded: Context, made) -> None:
    made(lambda: None)
    done, [line] = backup(loaded, "redis-queue")
    assert done
    assert (line["phase"], line["bytes"], line["job"]) == ("Completed", 7, "redis-queue")
    [entry] = catalogue.entries(loaded, [loaded.plan.job("redis-queue")])
    assert catalogue.read(loaded, entry).id == line["id"]
    now = state.read(loaded.paths, "redis-queue")
    assert (now.bytes, now.last_run_failed, now.failures) == (7, False, 0)
    assert now.last_success == now.first_success is not None


@pytest.mark.parametrize(
    ("error", "phase", "message"),
    [
        (Failed("no answer"), "Failed", "no answer"),
        (PartiallyFailed("1 of 2"), "PartiallyFailed", "1 of 2"),
        (KeyError("surprise"), "Failed", "KeyError('surprise')"),
    ],
)
def test_a_failed_one_has_none_and_is_counted(loaded: Context, s3: FakeS3, made, error: Exception, phase: str, message: str) -> None:
    made(fail(error))
    done, [line] = backup(loaded, "kafka")
    assert not done
    assert (line["phase"], line["message"]) == (phase, message)
    assert [key for key in s3.keys("locked") if key.startswith("manifests/")] == []
    assert state.read(loaded.paths, "kafka") == state.State(last_run_failed=True, failures=1)


def test_a_failed_upload_of_the_manifest_is_a_failed_backup(loaded: Context, s3: FakeS3, made) -> None:
    made(lambda: setattr(s3, "fails_after", 0))
    done, [line] = backup(loaded, "kafka")
    assert not done
    assert line["phase"] == "Failed"
    assert line["message"].startswith("upload of manifests/kafka/")


def test_a_failed_job_does_not_keep_the_others(loaded: Context, made) -> None:
    errors = iter([Failed("first"), None])

    def do() -> None:
        error = next(errors)
        if error:
            raise error

    made(do)
    done, lines = backup(loaded, "kafka", "models")
    assert not done
    assert [line["phase"] for line in lines] == ["Failed", "Completed"]


def test_a_vault_out_of_reach_fails_before_anything_is_made(loaded: Context, s3: FakeS3, made) -> None:
    made(fail(AssertionError("must not run")))
    s3.fails_after = 0
    _, [line] = backup(loaded, "kafka")
    assert line["message"].startswith("bucket locked: Could not connect")


def test_an_interrupted_run_counts_as_failed(loaded: Context, made) -> None:
    made(fail(SystemExit(1)))
    with pytest.raises(SystemExit):
        backup(loaded, "kafka")
    assert state.read(loaded.paths, "kafka").last_run_failed


@pytest.fixture
def three(loaded: Context, made, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of three backups of `artifacts`, newest first."""
    made(lambda: None)
    ids = ["20261124T010000Z", "20261124T020000Z", "20261124T030000Z"]
    for backup_id in ids:
        monkeypatch.setattr(run.clock, "id_of", lambda moment, backup_id=backup_id: backup_id)
        backup(loaded, "artifacts")
    return ids[::-1]


def check(context: Context) -> Callable[[Manifest], str]:
    def attempt(made: Manifest) -> str:
        for file in made.files:
            context.vault.check(file)
        return made.id

    return attempt


def test_the_newest_is_taken(loaded: Context, three: list[str]) -> None:
    chosen, result, passed_over = first_usable(loaded, [loaded.plan.job("artifacts")], None, check(loaded))
    assert (chosen.id, result, passed_over) == (three[0], three[0], [])


def test_a_damaged_newest_is_named_and_the_one_before_taken(loaded: Context, s3: FakeS3, three: list[str]) -> None:
    s3.spoil("locked", f"artifacts/{three[0]}", b"Content")
    s3.spoil("locked", f"manifests/artifacts/{three[1]}.json", b"{}")
    chosen, _, passed_over = first_usable(loaded, [loaded.plan.job("artifacts")], None, check(loaded))
    assert chosen.id == three[2]
    assert [(each["id"], each["file"]) for each in passed_over] == [
        (three[0], f"artifacts/{three[0]}"),
        (three[1], f"manifests/artifacts/{three[1]}.json"),
    ]


def test_named_it_is_that_one_or_none(loaded: Context, s3: FakeS3, three: list[str]) -> None:
    jobs = [loaded.plan.job("artifacts")]
    assert first_usable(loaded, jobs, three[1], check(loaded))[0].id == three[1]
    s3.spoil("locked", f"artifacts/{three[1]}", None)
    with pytest.raises(Refused, match="is missing"):
        first_usable(loaded, jobs, three[1], check(loaded))
    with pytest.raises(Refused, match=r"manifests/artifacts/20250101T000000Z.json: is missing"):
        first_usable(loaded, jobs, "20250101T000000Z", check(loaded))
    with pytest.raises(ConfigError, match="--id 'newest': must be the id of a backup"):
        first_usable(loaded, jobs, "newest", check(loaded))


def test_a_vault_out_of_reach_does_not_lead_to_an_older_backup(loaded: Context, three: list[str]) -> None:
    with pytest.raises(Failed, match="no answer"):
        first_usable(loaded, [loaded.plan.job("artifacts")], None, lambda made: fail(Failed("no answer"))())


def test_when_none_is_left_the_last_is_named(loaded: Context, s3: FakeS3, three: list[str]) -> None:
    for backup_id in three:
        s3.spoil("locked", f"artifacts/{backup_id}", b"")
    with pytest.raises(Refused, match="no older backup is left, 3 were refused") as refused:
        first_usable(loaded, [loaded.plan.job("artifacts")], None, check(loaded))
    assert refused.value.file == f"artifacts/{three[2]}"
