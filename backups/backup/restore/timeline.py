"""Timelines: every restore of PostgreSQL starts a new one, and a backup of an abandoned one no longer leads to the present."""

import json
from dataclasses import dataclass
from pathlib import Path

from backup import pgbackrest
from backup.programs import ProgramFailed


@dataclass(frozen=True)
class History:
    """The newest timeline of an archive, and where the ones before it ended."""

    newest: int
    ended: dict[int, int]
    """Ancestor → WAL position at which the newest one left it."""

    def leads_from(self, timeline: int, position: int) -> bool:
        """Whether recovery from a position of a timeline can reach the newest one."""
        return timeline == self.newest or (timeline in self.ended and position <= self.ended[timeline])


def position(lsn: str) -> int:
    """A WAL position, `0/4000028`, as a number."""
    high, _, low = lsn.partition("/")
    return (int(high, 16) << 32) + int(low, 16)


def timeline_of(segment: str) -> int:
    return int(segment[:8], 16)


def parse(newest: int, text: str) -> History:
    """A timeline history file: lines of ancestor, position and reason."""
    fields = [line.split("\t") for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return History(newest, {int(ancestor): position(lsn) for ancestor, lsn, *_ in fields})


def read(stanza: str, archive: str) -> History:
    """The history of an archive in the repository; raises Refused when it is damaged."""
    folder = f"archive/{stanza}/{archive}"
    try:
        names = json.loads(pgbackrest.run(stanza, "repo-ls", "--output=json", r"--filter=^[0-9A-F]{8}\.history$", folder))
        newest = max((timeline_of(name) for name in names), default=1)
        if newest == 1:
            return History(1, {})
        return parse(newest, pgbackrest.run(stanza, "repo-get", f"{folder}/{newest:08X}.history"))
    except ProgramFailed as error:
        raise pgbackrest.refusal(error, str(Path(pgbackrest.REPOSITORY, folder))) from None
