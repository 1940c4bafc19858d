import pytest

from backup import pgbackrest
from backup.errors import Failed, Refused
from backup.pgbackrest import parse_faults, parse_info, refusal
from backup.programs import ProgramFailed

LABEL = "20261124-222629F"


def document(**changes) -> list[dict]:
    """As `pgbackrest info --output=json` of 2.55 answers, with one backup."""
    backup = {
        "annotation": {"id": "20261124T222628Z"},
        "archive": {"start": "000000010000000000000005", "stop": "000000010000000000000005"},
        "database": {"id": 1, "repo-key": 1},
        "error": False,
        "info": {"repository": {"delta": 1234}},
        "label": LABEL,
        "lsn": {"start": "0/5000028", "stop": "0/5000158"},
        "type": "full",
    }
    stanza = {
        "name": "ultrathink",
        "archive": [{"database": {"id": 1}, "id": "17-1", "max": "000000010000000000000009", "min": "000000010000000000000001"}],
        "backup": [backup],
        "db": [{"id": 1, "system-id": 7576543210987654321}],
        "repo": [{"key": 1, "status": {"code": 0, "message": "ok"}}],
    }
    return [{**stanza, **changes}]


def test_a_backup_is_found_by_our_id() -> None:
    found = parse_info("ultrathink", document()).by_id("20261124T222628Z")
    assert found is not None
    assert (found.label, found.archive, found.system_identifier, found.bytes) == (LABEL, "17-1", "7576543210987654321", 1234)
    assert parse_info("ultrathink", document()).by_id("20261123T222628Z") is None


def test_a_repository_without_the_stanza_is_empty() -> None:
    assert parse_info("other", document()).backups == []


def test_a_repository_that_cannot_be_decrypted_is_refused_without_what_decryption_made_of_it() -> None:
    message = "[FormatError] unable to load info file '/pgbackrest/backup/ultrathink/backup.info': \x01garbage"
    with pytest.raises(Refused) as refused:
        parse_info("ultrathink", document(repo=[{"status": {"code": 99, "message": message}}]))
    assert refused.value.file == "pgbackrest/backup/ultrathink/backup.info"
    assert "cipher passphrase" in refused.value.why
    assert "garbage" not in refused.value.why


def test_a_vault_out_of_reach_is_no_damage() -> None:
    with pytest.raises(Failed, match="HostConnectError"):
        parse_info("ultrathink", document(repo=[{"status": {"code": 99, "message": "[HostConnectError] unable to get address"}}]))


@pytest.mark.parametrize(
    ("code", "output", "damage"),
    [
        (29, "zst error: Data corruption detected [FormatError]", True),
        (55, "unable to open missing file", True),
        (95, "unable to flush", True),
        (42, "unable to get 000000010000000000000005 [CryptoError] unable to flush [FileReadError]", True),
        (42, "unable to get 000000010000000000000005 [ServiceError] [FileReadError]", False),
        (49, "[HostConnectError] unable to get address for 'vault'", False),
        (50, "unable to acquire lock", False),
    ],
)
def test_damage_is_told_from_what_may_pass(code: int, output: str, damage: bool) -> None:
    result = refusal(ProgramFailed("pgbackrest restore", code, output), "file")
    assert isinstance(result, Refused if damage else Failed)


def test_the_files_that_verify_complains_of() -> None:
    output = """\
2026-11-24 22:57:17.046 P00   INFO: verify command begin 2.55.1: --stanza=ultrathink --set='x'
2026-11-24 22:57:20.398 P01   INFO: invalid checksum '20261124-222629F/pg_data/base/16384/18741.zst'
2026-11-24 22:57:27.835 P01   INFO: file missing '20261124-222629F/bundle/1'
2026-11-24 22:57:29.291 P00   INFO: verify command end: completed successfully (12252ms)
"""
    faults = [("20261124-222629F/pg_data/base/16384/18741.zst", "invalid checksum"), ("20261124-222629F/bundle/1", "file missing")]
    assert parse_faults(output) == faults


@pytest.mark.parametrize(
    ("output", "file", "why"),
    [
        ("INFO: invalid checksum '20261124-222629F/bundle/1'\nstatus: error", "/bundle/1", "invalid checksum"),
        ("stanza: ultrathink\nstatus: error", "", "status: error"),
    ],
)
def test_verify_names_the_file(monkeypatch: pytest.MonkeyPatch, output: str, file: str, why: str) -> None:
    monkeypatch.setattr(pgbackrest.programs, "run", lambda arguments: output)
    with pytest.raises(Refused, match=why) as refused:
        pgbackrest.verify("ultrathink", LABEL)
    assert refused.value.file == f"pgbackrest/backup/ultrathink/{LABEL}{file}"


def test_a_stanza_of_another_database_is_upgraded(monkeypatch: pytest.MonkeyPatch) -> None:
    commands = []

    def run(arguments: list[str]) -> str:
        commands.append(arguments[2])
        if arguments[2] == "stanza-create":
            raise ProgramFailed("pgbackrest", pgbackrest.FILE_INVALID, "do not match the database")
        return ""

    monkeypatch.setattr(pgbackrest.programs, "run", run)
    pgbackrest.prepare("ultrathink")
    assert commands == ["stanza-create", "stanza-upgrade"]
