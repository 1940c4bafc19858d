import hashlib
import json
import os
import subprocess
from pathlib import Path

import pytest

from backup.errors import Failed, Refused
from backup.restore.timeline import History, parse, position
from backup.restore.wal import Fetcher, fetcher, following, number

SEGMENT = "000000010000000000000005"


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that a stand-in for pgbackrest serves: segments by name; a file `NAME.error` holds exit code and message."""
    store = tmp_path / "archive"
    store.mkdir()
    program = tmp_path / "bin" / "pgbackrest"
    program.parent.mkdir()
    program.write_text(
        f"""#!/bin/sh
case "$*" in
*repo-ls*) cat {store}/listing ;;
*archive-get*)
  for last; do name=$target target=$last; done
  if [ -f "{store}/$name.error" ]; then read -r code message < "{store}/$name.error"; echo "$message"; exit "$code"; fi
  [ -f "{store}/$name" ] || exit 1
  cp "{store}/$name" "$target" ;;
esac
"""
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    return store


def keep(archive: Path, content: bytes = b"wal", listed: bytes | None = None) -> None:
    """The archive holds SEGMENT with `content`, under the checksum of `listed`."""
    (archive / SEGMENT).write_bytes(content)
    digest = hashlib.sha1(listed if listed is not None else content).hexdigest()
    (archive / "listing").write_text(json.dumps({f"0000000100000000/{SEGMENT}-{digest}.zst": {"type": "file"}}))


def fetch(fetching: Fetcher, folder: Path, name: str = SEGMENT) -> int:
    command = fetching.command.replace("%f", name).replace("%p", str(folder / "RECOVERYXLOG"))
    return subprocess.run(command, shell=True, check=False).returncode


def test_a_whole_segment_is_fetched(archive: Path, tmp_path: Path) -> None:
    keep(archive)
    with fetcher("ultrathink", "17-1", tmp_path / "pgdata") as fetching:
        assert fetch(fetching, tmp_path) == 0
        assert (tmp_path / "RECOVERYXLOG").read_bytes() == b"wal"
        assert (fetching.last, fetching.failure()) == (SEGMENT, None)
    assert not (tmp_path / "pgdata.wal").exists()


def test_one_that_is_not_there_is_the_end_of_the_archive(archive: Path, tmp_path: Path) -> None:
    keep(archive)
    with fetcher("ultrathink", "17-1", tmp_path / "pgdata") as fetching:
        assert fetch(fetching, tmp_path, following(SEGMENT)) == 1
        assert fetching.failure() is None


def test_one_with_another_checksum_ends_the_recovery(archive: Path, tmp_path: Path) -> None:
    keep(archive, b"waL", listed=b"wal")
    with fetcher("ultrathink", "17-1", tmp_path / "pgdata") as fetching:
        assert fetch(fetching, tmp_path) == 255
        failure = fetching.failure()
    assert isinstance(failure, Refused)
    assert failure.file == f"pgbackrest/archive/ultrathink/17-1/0000000100000000/{SEGMENT}"
    assert "its SHA-1 is" in failure.why


@pytest.mark.parametrize(("error", "kind"), [("29 zst error [FormatError]", Refused), ("49 unable to connect [HostConnectError]", Failed)])
def test_one_that_cannot_be_read_ends_the_recovery(archive: Path, tmp_path: Path, error: str, kind: type) -> None:
    keep(archive)
    (archive / f"{SEGMENT}.error").write_text(f"{error}\n")
    with fetcher("ultrathink", "17-1", tmp_path / "pgdata") as fetching:
        assert fetch(fetching, tmp_path) == 255
        assert isinstance(fetching.failure(), kind)


@pytest.mark.parametrize(
    ("segment", "after"),
    [(SEGMENT, "000000010000000000000006"), ("0000000200000000000000FF", "000000020000000100000000")],
)
def test_the_segment_after_one(segment: str, after: str) -> None:
    assert following(segment) == after
    assert number(after) == number(segment) + 1


def with_segments(folder: Path, fetched: str, *segments: str) -> Fetcher:
    (folder / "fetched").write_text(f"00000002.history\n{fetched}\n")
    return Fetcher("", "archive", frozenset(segments), folder)


def test_a_segment_that_is_missing_before_the_end_is_found(tmp_path: Path) -> None:
    segments = [SEGMENT, "000000010000000000000007"]
    assert with_segments(tmp_path, SEGMENT, *segments).gap(History(1, {})) == "000000010000000000000006"
    assert with_segments(tmp_path, segments[1], *segments).gap(History(1, {})) is None


def test_what_an_abandoned_timeline_wrote_after_the_fork_is_not_missed(tmp_path: Path) -> None:
    history = History(2, {1: position("0/5800000")})
    segments = [SEGMENT, "000000010000000000000006", "000000010000000000000009"]
    assert with_segments(tmp_path, SEGMENT, *segments).gap(history) is None
    assert with_segments(tmp_path, SEGMENT, *segments, "000000020000000000000006").gap(history) == "000000010000000000000006"


def test_a_history_file() -> None:
    history = parse(3, "1\t0/5800000\tbefore 2026-11-24 10:00:00+00\n\n2\t1/A000000\tno recovery target specified\n")
    assert history == History(3, {1: 0x5800000, 2: 0x1_0A00_0000})
    assert history.leads_from(3, position("2/0"))
    assert history.leads_from(1, position("0/5000000"))
    assert not history.leads_from(1, position("0/6000000"))
    assert not history.leads_from(4, 0)
