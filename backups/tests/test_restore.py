import io
from pathlib import Path
from typing import Any

import pytest

from backup import locks, redis_content, tables
from backup.clock import id_of, iso, moment_of, parse
from backup.context import Context
from backup.errors import ConfigError, Failed, Refused
from backup.jobs import object_store
from backup.manifest import Manifest
from backup.restore import artifacts, compatibility, database, redis
from tests.fake_s3 import FakeS3
from tests.test_run import backup

CONTENTS = {"1/model": b"weights", "1/empty": b"", "2/ü": b"umlaut"}


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> FakeS3:
    """The stack's object store, with some artifacts."""
    result = FakeS3("artifacts")
    for key, content in CONTENTS.items():
        result.upload_fileobj(io.BytesIO(content), "artifacts", key)
    monkeypatch.setattr(object_store.s3, "client", lambda *_: result)
    return result


def restored(context: Context, backup_id: str | None = None) -> dict[str, Any]:
    return artifacts.restore(context, "https://store", Path("ca"), Path("credentials"), None, backup_id)


def test_artifacts_come_back_byte_by_byte_also_into_a_new_store(loaded: Context, store: FakeS3, monkeypatch: pytest.MonkeyPatch) -> None:
    assert backup(loaded, "artifacts")[0]
    new = FakeS3()
    monkeypatch.setattr(artifacts.s3, "client", lambda *_: new)
    assert restored(loaded)["written"] == 3
    assert {key: new.content("artifacts", key) for key in new.keys("artifacts")} == CONTENTS
    assert restored(loaded)["written"] == 0


def test_only_what_changed_is_copied_again(loaded: Context, store: FakeS3, s3: FakeS3) -> None:
    backup(loaded, "artifacts")
    store.upload_fileobj(io.BytesIO(b"better weights"), "artifacts", "1/model")
    store.delete_object("artifacts", "1/empty")
    backup(loaded, "artifacts")
    assert {key: len(versions) for key, versions in s3.objects["locked"].items() if "/objects/" in key} == {
        "artifacts/objects/1/model": 2,
        "artifacts/objects/1/empty": 1,
        "artifacts/objects/2/ü": 1,
    }
    restored(loaded)
    assert store.content("artifacts", "1/model") == b"better weights"


def test_a_damaged_artifact_is_refused_before_anything_is_written(loaded: Context, store: FakeS3, s3: FakeS3) -> None:
    _, [line] = backup(loaded, "artifacts")
    s3.spoil("locked", "artifacts/objects/2/ü", b"Umlaut")
    store.objects["artifacts"].clear()
    with pytest.raises(Refused, match="artifacts/objects/2/ü: is damaged"):
        restored(loaded, line["id"])
    assert store.objects["artifacts"] == {}


def test_some_objects_that_fail_make_a_partial_backup(loaded: Context, store: FakeS3, monkeypatch: pytest.MonkeyPatch) -> None:
    get = store.get_object

    def lying(Bucket: str, Key: str) -> dict:
        answer = get(Bucket, Key)
        return {**answer, "ETag": '"' + "0" * 32 + '"'} if Key == "1/model" else answer

    monkeypatch.setattr(store, "get_object", lying)
    _, [line] = backup(loaded, "artifacts")
    assert line["phase"] == "PartiallyFailed"
    assert "1 of 3 objects were not copied, the first because: 1/model is damaged in the object store" in line["message"]


def made(**changes: Any) -> Manifest:
    moment = moment_of("20261124T020000Z")
    fields = {
        "system": "ultrathink",
        "job": "timescaledb",
        "kind": "postgres-physical",
        "id": "20261124T020000Z",
        "started": moment,
        "finished": moment,
        "versions": {"postgresql": "17.12", "timescaledb": "2.19.3", "redis": "8.0.4"},
        "files": [],
        "counts": {},
        "details": {},
    }
    return Manifest(**{**fields, **changes})


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL 17.10 with TimescaleDB 2.19.3 and 2.20.0."""
    for version in ("2.19.3", "2.20.0"):
        (tmp_path / f"timescaledb-{version}.so").touch()
    answers = {"postgres": "postgres (PostgreSQL) 17.10 (Ubuntu)\n", "pg_config": f"{tmp_path}\n"}
    monkeypatch.setattr(compatibility.programs, "run", lambda arguments: answers[arguments[0]])


@pytest.mark.parametrize("versions", [{"postgresql": "17.12", "timescaledb": "2.19.3"}, {"postgresql": "17.2"}])
@pytest.mark.usefixtures("server")
def test_a_backup_of_this_major_version_can_be_read(versions: dict[str, str]) -> None:
    compatibility.check_postgresql(made(versions=versions), physical=True)


@pytest.mark.parametrize(
    ("versions", "physical", "why"),
    [
        ({"postgresql": "18.1"}, True, "was made on PostgreSQL 18.1; this is the older 17.10"),
        ({"postgresql": "18.1"}, False, "was made on PostgreSQL 18.1; this is the older 17.10"),
        ({"postgresql": "16.4"}, True, "a physical backup cannot be restored to 17.10"),
        ({"postgresql": "17.1", "timescaledb": "2.30.0"}, True, "was made with TimescaleDB 2.30.0; here there is 2.19.3, 2.20.0"),
    ],
)
@pytest.mark.usefixtures("server")
def test_a_backup_of_another_version_is_refused(versions: dict[str, str], physical: bool, why: str) -> None:
    with pytest.raises(Refused, match=why) as refused:
        compatibility.check_postgresql(made(versions=versions), physical=physical)
    assert refused.value.file == "manifests/timescaledb/20261124T020000Z.json"


def test_redis_reads_what_an_older_one_wrote_and_no_newer() -> None:
    compatibility.check_redis(made(), "8.0.2")
    compatibility.check_redis(made(), "8.2.0")
    with pytest.raises(Refused, match=r"made by Redis 8.0.4; this is the older 7.4.1"):
        compatibility.check_redis(made(), "7.4.1")


COUNTS = {"experiments.metrics": {"rows": 10, "digest": "record:1"}, "mlflow.runs": {"rows": 2, "digest": "record:2"}}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (COUNTS, []),
        ({**COUNTS, "experiments.more": {"rows": 1, "digest": "record:3"}}, []),
        ({"mlflow.runs": COUNTS["mlflow.runs"]}, ["table experiments.metrics is missing"]),
        ({**COUNTS, "mlflow.runs": {"rows": 1, "digest": "record:2"}}, ["table mlflow.runs has 1 rows instead of 2"]),
        ({**COUNTS, "mlflow.runs": {"rows": 2, "digest": "record:9"}}, ["table mlflow.runs has other rows than were backed up"]),
    ],
)
def test_what_a_restored_database_lacks(found: dict, expected: list[str]) -> None:
    assert tables.differences(COUNTS, found) == expected


CONTENT = {"keys": 3, "types": {"list": 2, "string": 1}, "lasting": 2, "digest": "a"}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (CONTENT, []),
        ({"keys": 2, "types": {"list": 2}, "lasting": 2, "digest": "a"}, []),
        ({**CONTENT, "lasting": 1}, ["it has 1 lasting keys instead of 2"]),
        ({**CONTENT, "digest": "b"}, ["its lasting keys hold other values than were backed up"]),
        ({**CONTENT, "keys": 4}, ["it has 4 keys, more than the 3 that were backed up"]),
        ({**CONTENT, "types": {"hash": 1}}, ["it has 1 keys of type hash, more than the 0 that were backed up"]),
    ],
)
def test_what_a_restored_redis_lacks(found: dict, expected: list[str]) -> None:
    assert redis_content.differences(CONTENT, found) == expected


def test_a_database_is_not_restored_over_anything(loaded: Context, tmp_path: Path) -> None:
    folder = tmp_path / "pgdata"
    folder.mkdir()
    (folder / "PG_VERSION").write_text("17")
    with pytest.raises(ConfigError, match="is not empty and holds no restore of this program"):
        database.restore(loaded, folder, None, None)
    assert [entry.name for entry in folder.iterdir()] == ["PG_VERSION"]


def test_without_a_backup_nothing_is_restored(loaded: Context, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="manifests/timescaledb/: there is no backup in the vault"):
        database.restore(loaded, tmp_path / "pgdata", None, None)
    assert not (tmp_path / "restored").exists()


def test_two_restores_into_one_folder_exclude_each_other(loaded: Context, tmp_path: Path) -> None:
    with locks.held(tmp_path / "pgdata.unfinished", "a restore", wait=False), pytest.raises(Failed, match="is under way already"):
        database.restore(loaded, tmp_path / "pgdata", None, None)


def test_redis_is_not_restored_over_anything(loaded: Context, tmp_path: Path) -> None:
    live = tmp_path / "data" / "appendonlydir"
    live.mkdir(parents=True)
    with pytest.raises(ConfigError, match="holds appendonlydir and no restore of this program"):
        redis.restore(loaded, live.parent, None)
    assert live.exists()


def test_recovery_settings_are_forgotten_and_others_stay(tmp_path: Path) -> None:
    file = tmp_path / "postgresql.auto.conf"
    own = "# Do not edit\nwork_mem = '8MB'\n"
    file.write_text(f"{own}\n# Recovery settings generated by pgBackRest restore on 2026-11-24\nrestore_command = 'pgbackrest'\n")
    database._forget_recovery(tmp_path)
    assert file.read_text() == f"{own}\n"


def test_ids_are_times_in_utc() -> None:
    moment = parse("2026-11-24T03:00:00+01:00")
    assert id_of(moment) == "20261124T020000Z"
    assert iso(moment_of("20261124T020000Z")) == "2026-11-24T02:00:00Z"
    with pytest.raises(ValueError, match="no time zone"):
        parse("2026-11-24T03:00:00")
