from pathlib import Path

import pytest

from backup import vault as module
from backup.errors import Failed, Refused
from backup.vault import Vault
from tests.fake_s3 import FakeS3


@pytest.fixture
def vault(s3: FakeS3) -> Vault:
    return Vault(s3)


def test_small_and_large_files_read_back_as_they_were(vault: Vault, s3: FakeS3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PART", 10)
    for size in (0, 9, 10, 11, 25):
        file = tmp_path / "file"
        file.write_bytes(bytes(range(size)))
        stored = vault.put_file("locked", f"size-{size}", file)
        assert stored.size == size
        vault.download(stored, tmp_path / "copy")
        assert (tmp_path / "copy").read_bytes() == bytes(range(size))
    assert s3.uploads == {}


def test_an_upload_that_is_cut_fails_and_leaves_nothing(vault: Vault, s3: FakeS3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PART", 10)
    (tmp_path / "file").write_bytes(b"x" * 35)
    s3.fails_after = 3
    with pytest.raises(Failed, match="upload of dump, part 3: Could not connect"):
        vault.put_file("locked", "dump", tmp_path / "file")
    assert s3.uploads == {}
    assert s3.keys("locked") == []


def test_a_bucket_without_versions_is_refused(vault: Vault, s3: FakeS3, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3, "put_object", lambda **_: {})
    with pytest.raises(Failed, match="bucket locked keeps no versions"):
        vault.put("locked", "key", b"content")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"contenT", "is damaged: its SHA-256 is"),
        (b"conten", "is truncated: it has 6 bytes instead of 7"),
        (b"content and more", "is another file: it has more than 7 bytes"),
        (None, r"is missing \(version v1\)"),
    ],
)
def test_damage_is_refused_with_the_file_named(vault: Vault, s3: FakeS3, content: bytes | None, why: str) -> None:
    stored = vault.put("locked", "folder/key", b"content")
    s3.spoil("locked", "folder/key", content)
    with pytest.raises(Refused, match=why) as refused:
        vault.check(stored)
    assert refused.value.file == "folder/key"


def test_what_was_overwritten_or_deleted_since_is_read_by_its_version(vault: Vault) -> None:
    first = vault.put("locked", "key", b"first")
    vault.put("locked", "key", b"second")
    vault.check(first)
    vault.delete("locked", "key")
    vault.check(first)
    with pytest.raises(Refused, match="key: is missing"):
        vault.get("locked", "key")


def test_listing_leaves_deleted_ones_out(vault: Vault) -> None:
    for key in ("a/1", "a/2", "b/1"):
        vault.put("locked", key, b"")
    vault.delete("locked", "a/1")
    assert vault.keys("locked", "a/") == ["a/2"]
