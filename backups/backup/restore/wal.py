"""WAL out of the archive, each segment compared with the checksum in its name before PostgreSQL replays it.

PostgreSQL takes almost every failure of a restore_command for the end of the archive and would go on without the rest. So what
fetches here tells apart: there (0), not in the archive (1), damaged or out of reach (255, which ends the recovery). Segments are
fetched ahead of the replay: a day has more than a thousand, and each alone would take a program's start and a handshake.
"""

import json
import re
import shlex
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from backup import pgbackrest
from backup.programs import ProgramFailed
from backup.restore.timeline import History, timeline_of

SEGMENT_BYTES = 16 * 2**20
_PER_FILE = 2**32 // SEGMENT_BYTES

_SCRIPT = """\
message=$(pgbackrest --stanza={stanza} --pg1-path={pgdata} --archive-async --spool-path={folder}/spool --log-level-console=error \\
  archive-get "$1" "$2" 2>&1)
code=$?
[ "$code" -ne 1 ] || exit 1
if [ "$code" -eq 0 ]; then
  expected=$(sed -n "s/^$1 //p" {folder}/sums)
  found=$(sha1sum < "$2" | cut -c 1-40)
  if [ -z "$expected" ] || [ "$found" = "$expected" ]; then
    echo "$1" >> {folder}/fetched
    exit 0
  fi
  code={checksum} message="its SHA-1 is $found, the archive says $expected"
fi
printf '%s %s %s\\n' "$1" "$code" "$message" > {folder}/failed
exit 255
"""


@dataclass(frozen=True)
class Fetcher:
    """A restore_command and what came of it."""

    command: str
    archive: str
    """The archive's folder in the vault."""
    segments: frozenset[str]
    """Names of all segments that were archived when recovery began."""
    folder: Path

    @property
    def last(self) -> str:
        """The last segment that was fetched, empty when there was none."""
        try:
            names = (self.folder / "fetched").read_text().split()
        except FileNotFoundError:
            return ""
        return max((name for name in names if is_segment(name)), key=number, default="")

    def failure(self) -> Exception | None:
        """Why fetching failed: Refused for a damaged segment, Failed for a vault that could not be read."""
        try:
            name, code, message = (self.folder / "failed").read_text().split(" ", 2)
        except FileNotFoundError:
            return None
        return pgbackrest.refusal(ProgramFailed("pgbackrest", int(code), message.strip()), self.file(name))

    def file(self, segment: str) -> str:
        """A segment's name in the vault, as far as it is known without the checksum."""
        return f"{self.archive}/{segment[:16]}/{segment}"

    def gap(self, history: History) -> str | None:
        """The first segment that is missing between the last one fetched and the end of the archive."""
        reachable = [name for name in self.segments if _leads_to(history, name)]
        end = max((number(name) for name in reachable), default=-1)
        return following(self.last) if self.last and number(self.last) < end else None


def is_segment(name: str) -> bool:
    return re.fullmatch("[0-9A-F]{24}", name) is not None


def number(segment: str) -> int:
    """Position of a segment in the WAL, whatever its timeline."""
    return int(segment[8:16], 16) * _PER_FILE + int(segment[16:], 16)


def following(segment: str) -> str:
    """The segment after one, on the same timeline."""
    high, low = divmod(number(segment) + 1, _PER_FILE)
    return f"{segment[:8]}{high:08X}{low:08X}"


def _leads_to(history: History, segment: str) -> bool:
    timeline = timeline_of(segment)
    if timeline == history.newest:
        return True
    return timeline in history.ended and number(segment) * SEGMENT_BYTES < history.ended[timeline]


@contextmanager
def fetcher(stanza: str, archive: str, pgdata: Path) -> Iterator[Fetcher]:
    """A restore_command for the archive, for as long as the context lasts."""
    place = f"archive/{stanza}/{archive}"
    try:
        listed = json.loads(pgbackrest.run(stanza, "repo-ls", "--recurse", "--output=json", place))
    except ProgramFailed as error:
        raise pgbackrest.refusal(error, f"{pgbackrest.REPOSITORY}/{place}") from None
    sums = dict(match.groups() for name in listed if (match := re.search(r"([0-9A-F]{24})-([0-9a-f]{40})", name)))
    # Beside the data, so that a fetched segment is moved and not copied.
    folder = pgdata.with_name(f"{pgdata.name}.wal")
    # What an interrupted restore left.
    shutil.rmtree(folder, ignore_errors=True)
    try:
        (folder / "spool").mkdir(parents=True)
        (folder / "sums").write_text("".join(f"{name} {digest}\n" for name, digest in sums.items()))
        script = folder / "fetch"
        script.write_text(
            _SCRIPT.format(
                stanza=shlex.quote(stanza), pgdata=shlex.quote(str(pgdata)), folder=shlex.quote(str(folder)), checksum=pgbackrest.CHECKSUM
            )
        )
        yield Fetcher(f'sh {shlex.quote(str(script))} %f "%p"', f"{pgbackrest.REPOSITORY}/{place}", frozenset(sums), folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
