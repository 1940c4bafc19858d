import json
from contextlib import suppress
from datetime import datetime, timezone
from typing import Any

import pytest

from backup import manifest
from backup.errors import Refused
from backup.manifest import File, Manifest

KEY = "a manifest key"
START = datetime(2026, 11, 24, 2, tzinfo=timezone.utc)
MADE = Manifest(
    system="ultrathink",
    job="dump",
    kind="postgres-dump",
    id="20261124T020000Z",
    started=START,
    finished=START,
    versions={"postgresql": "17.12"},
    files=[File(bucket="locked", key="dump/ü", size=3, sha256="0" * 64, version_id="v1")],
    counts={"experiments.metrics": {"rows": 1, "digest": "record:1"}},
    details={},
)


def parse(content: bytes, key: str = KEY, **wanted: str) -> Manifest:
    return manifest.parse(content, key, **{"system": "ultrathink", "job": "dump", "backup_id": "20261124T020000Z", **wanted})


def resigned(**changes: Any) -> bytes:
    return manifest.sign({**json.loads(manifest.render(MADE, KEY)), **changes}, KEY)


def test_what_was_written_is_read() -> None:
    assert parse(manifest.render(MADE, KEY)) == MADE


def test_the_signature_does_not_depend_on_how_it_is_laid_out() -> None:
    document = json.loads(manifest.render(MADE, KEY))
    assert parse(json.dumps(dict(reversed(document.items()))).encode()) == MADE


def test_every_single_changed_bit_is_refused() -> None:
    content = manifest.render(MADE, KEY)
    for place in range(len(content)):
        changed = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
        # Only the layout between the values is not signed.
        with suppress(Refused):
            assert parse(changed) == MADE
            assert chr(content[place]).isspace()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (manifest.render(MADE, KEY)[:-20], "it is no JSON document"),
        (b"[]", "it is no JSON object"),
        (b"", "it is no JSON document"),
        (manifest.render(MADE, "another key"), "its signature does not match"),
        (resigned(version=2), "written by a newer program: its version is 2"),
        (resigned(phase="Failed"), "phase"),
        (resigned(id="yesterday"), "is the manifest of another backup: dump yesterday"),
        (resigned(job="other"), "is the manifest of another backup: other 20261124T020000Z"),
        (resigned(system="ai-trading"), "is a backup of system 'ai-trading', not of 'ultrathink'"),
    ],
)
def test_what_is_damaged_newer_swapped_or_foreign_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(content)
    assert refused.value.file == "manifests/dump/20261124T020000Z.json"
    assert why in refused.value.why


def test_a_manifest_in_the_place_of_another_is_refused() -> None:
    with pytest.raises(Refused, match="is the manifest of another backup: dump 20261124T020000Z"):
        parse(manifest.render(MADE, KEY), backup_id="20261125T020000Z")
