"""pgBackRest, by its command line; where its files lie and who may read them is in its own configuration."""

import json
import logging
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backup import programs
from backup.errors import Failed, Refused
from backup.programs import ProgramFailed

log = logging.getLogger(__name__)

REPOSITORY = "pgbackrest"
"""Prefix of its files in the vault."""

# pgBackRest's exit codes are its error codes (its src/build/error/error.yaml).
CHECKSUM, FILE_INVALID, FORMAT, FILE_MISSING, FILE_READ, BACKUP_SET_INVALID, CRYPTO = 26, 28, 29, 55, 42, 75, 95
OTHER = 99
"""Status in `info` whose message is an error of its own."""
DAMAGE = frozenset({CHECKSUM, FILE_INVALID, FORMAT, FILE_MISSING, BACKUP_SET_INVALID, CRYPTO})
"""Codes that speak of a damaged, incomplete or foreign repository; all others of a thing that may pass."""


def run(stanza: str, command: str, *options: str | Path) -> str:
    try:
        return programs.run(["pgbackrest", f"--stanza={stanza}", command, *options])
    except ProgramFailed as error:
        raise ProgramFailed(f"pgbackrest {command}", error.code, _one_line(error.output)) from None


def version() -> str:
    return programs.run(["pgbackrest", "version"]).split()[-1]


def prepare(stanza: str) -> None:
    """Make the stanza, or bring it to the database: to another one when the stack was made anew without its data."""
    try:
        run(stanza, "stanza-create")
    except ProgramFailed as error:
        if error.code != FILE_INVALID:
            raise
        log.warning("the vault's stanza is of another database (made anew, or upgraded): it is upgraded, older backups stay")
        run(stanza, "stanza-upgrade")


@dataclass(frozen=True)
class Backup:
    """A backup of the repository, as `info` tells."""

    label: str
    type: str
    id: str | None
    """Our own id, from its annotation."""
    archive: str
    """Folder of its WAL, like 17-1."""
    system_identifier: str
    start_lsn: str
    stop_lsn: str
    start_wal: str
    stop_wal: str
    bytes: int
    """Added to the repository."""
    faulty_pages: bool


@dataclass(frozen=True)
class Repository:
    backups: list[Backup]
    newest_wal: dict[str, str]
    """Archive → newest segment."""

    def by_id(self, backup_id: str) -> Backup | None:
        return next((backup for backup in self.backups if backup.id == backup_id), None)


def info(stanza: str) -> Repository:
    """What the repository holds; raises Refused when it cannot be understood, with the wrong passphrase for one."""
    try:
        # An error in it may quote what a wrong passphrase made of a file.
        document = json.loads(run(stanza, "info", "--output=json"), strict=False)
    except ProgramFailed as error:
        raise refusal(error, f"{REPOSITORY}/backup/{stanza}/backup.info") from None
    return parse_info(stanza, document)


def parse_info(stanza: str, document: Any) -> Repository:
    described = next((entry for entry in document if entry["name"] == stanza), None)
    if described is None:
        return Repository([], {})
    for repository in described.get("repo", []):
        status = repository["status"]
        if status["code"] == OTHER:
            raise _unreadable(stanza, status["message"])
    systems = {database["id"]: str(database["system-id"]) for database in described.get("db", [])}
    archives = {archive["database"]["id"]: archive["id"] for archive in described.get("archive", [])}
    return Repository(
        [
            Backup(
                label=backup["label"],
                type=backup["type"],
                id=backup.get("annotation", {}).get("id"),
                archive=archives[backup["database"]["id"]],
                system_identifier=systems[backup["database"]["id"]],
                start_lsn=backup["lsn"]["start"],
                stop_lsn=backup["lsn"]["stop"],
                start_wal=backup["archive"]["start"],
                stop_wal=backup["archive"]["stop"],
                bytes=backup["info"]["repository"]["delta"],
                faulty_pages=bool(backup.get("error")),
            )
            for backup in described.get("backup", [])
        ],
        {archive["id"]: archive["max"] for archive in described.get("archive", []) if archive["max"]},
    )


def refusal(error: ProgramFailed, file: str) -> Exception:
    """What a failed pgBackRest means: Refused for a damaged repository, Failed for anything else."""
    if error.code in DAMAGE or _speaks_of_damage(error.output):
        return Refused(file, error.output)
    return Failed(str(error))


def _speaks_of_damage(message: str) -> bool:
    return re.search(r"\[(Checksum|Crypto|FileInvalid|FileMissing|Format)Error\]", message) is not None


def _unreadable(stanza: str, message: str) -> Exception:
    """Why `info` could not read the repository. The message may quote what decryption made of it, so it is not told."""
    if _speaks_of_damage(message):
        why = "cannot be read: it is damaged, or the cipher passphrase is another vault's"
        return Refused(f"{REPOSITORY}/backup/{stanza}/backup.info", why)
    return Failed(f"pgbackrest info: {_one_line(message)}")


def verify(stanza: str, label: str) -> None:
    """Read all files of a backup and the WAL that it needs; raises Refused naming the first that is not whole."""
    place = f"{REPOSITORY}/backup/{stanza}"
    try:
        output = run(stanza, "verify", f"--set={label}", "--output=text", "--verbose", "--log-level-console=info")
    except ProgramFailed as error:
        raise refusal(error, f"{place}/{label}") from None
    faults = parse_faults(output)
    if faults:
        file, fault = faults[0]
        more = f"; {len(faults) - 1} more files are not whole" if len(faults) > 1 else ""
        folder = REPOSITORY if file.startswith("archive/") else place
        raise Refused(f"{folder}/{file}", f"pgbackrest verify: {fault}{more}")
    if "status: error" in output:
        raise Refused(f"{place}/{label}", f"pgbackrest verify: {_one_line(output)}")


def parse_faults(output: str) -> list[tuple[str, str]]:
    """File and fault of every complaint of `verify`, such as: INFO: invalid checksum '20261124-222629F/bundle/1'."""
    return [(file, fault.strip()) for fault, file in re.findall(r"INFO: ([a-z ]+) '([^']+)'$", output, re.MULTILINE)]


def _one_line(output: str) -> str:
    """pgBackRest's errors without the time and process before each, on one line, of what can be printed."""
    lines = [line.split("ERROR: ", 1)[-1].strip() for line in output.splitlines() if line.strip()]
    return re.sub(r"[^\x20-\x7e]+", "?", " ".join(lines))[:600]
