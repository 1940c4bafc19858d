"""Times and ids: everything is UTC."""

import re
from datetime import datetime, timezone

_ID = "%Y%m%dT%H%M%SZ"
ID_PATTERN = r"^\d{8}T\d{6}Z$"


def now() -> datetime:
    return datetime.now(timezone.utc)


def id_of(moment: datetime) -> str:
    """Id of a backup that starts at `moment`; ids sort as their moments do."""
    return moment.astimezone(timezone.utc).strftime(_ID)


def moment_of(backup_id: str) -> datetime:
    return datetime.strptime(backup_id, _ID).replace(tzinfo=timezone.utc)


def parse(text: str) -> datetime:
    """A time in ISO 8601 with its zone, `2026-11-24T10:00:00Z`; raises ValueError."""
    moment = datetime.fromisoformat(re.sub("[Zz]$", "+00:00", text.strip()))
    if moment.tzinfo is None:
        raise ValueError("it has no time zone")
    return moment.astimezone(timezone.utc)


def iso(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")
