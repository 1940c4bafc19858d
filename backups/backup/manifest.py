"""Manifests: what a backup is made of, signed, so that neither damage nor another system's backup passes for it."""

import hashlib
import hmac
import json
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from backup.clock import ID_PATTERN
from backup.errors import Refused

VERSION = 1

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)


class Source(_Model):
    """The object that a file was copied from, by which the next backup sees that it has not changed."""

    key: str
    etag: str


class File(_Model):
    """An object in the vault."""

    bucket: str
    key: str
    size: Annotated[int, Field(ge=0)]
    sha256: Sha256
    version_id: str
    source: Source | None = None


class Manifest(_Model):
    """A completed backup."""

    version: Literal[1] = VERSION
    system: str
    job: str
    kind: str
    id: Annotated[str, Field(pattern=ID_PATTERN)]
    started: datetime
    finished: datetime
    phase: Literal["Completed"] = "Completed"
    versions: dict[str, str]
    """Programs that made it: `postgresql`, `timescaledb`, `pgbackrest`, `redis`, `backup`."""
    files: list[File]
    counts: dict[str, Any]
    """What must be found again after a restore."""
    details: dict[str, Any]

    @property
    def bytes(self) -> int:
        """Size in the vault; pgBackRest's own files are counted by pgBackRest."""
        return self.details.get("bytes", sum(file.size for file in self.files))


def key_of(job: str, backup_id: str) -> str:
    return f"manifests/{job}/{backup_id}.json"


def signature(document: dict[str, Any], key: str) -> str:
    """HMAC-SHA256 over the canonical JSON of `document` without its `hmac`."""
    rest = {name: value for name, value in document.items() if name != "hmac"}
    canonical = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hmac.new(key.encode(), canonical.encode(), hashlib.sha256).hexdigest()


def sign(document: dict[str, Any], key: str) -> bytes:
    """The document with its signature, as it is stored."""
    return json.dumps({**document, "hmac": signature(document, key)}, indent=1, ensure_ascii=False).encode()


def render(manifest: Manifest, key: str) -> bytes:
    return sign(manifest.model_dump(mode="json", by_alias=True, exclude_none=True), key)


def opened(file: str, content: bytes, key: str, newest: int = VERSION) -> dict[str, Any]:
    """The signed document in `content`, which was stored as `file`; raises Refused when it is not whole or too new."""
    try:
        document = json.loads(content)
    except ValueError:
        raise Refused(file, "is damaged: it is no JSON document") from None
    if not isinstance(document, dict):
        raise Refused(file, "is damaged: it is no JSON object")
    version = document.get("version")
    if isinstance(version, int) and version > newest:
        raise Refused(file, f"was written by a newer program: its version is {version}, this program reads up to {newest}")
    if not hmac.compare_digest(str(document.get("hmac", "")), signature(document, key)):
        raise Refused(file, "its signature does not match: it is damaged, was changed, or belongs to another vault's manifest key")
    return document


def parse(content: bytes, key: str, *, system: str, job: str, backup_id: str) -> Manifest:
    """The manifest stored under `job` and `backup_id`; raises Refused unless it is whole and of that very backup."""
    file = key_of(job, backup_id)
    document = opened(file, content, key)
    document.pop("hmac")
    if document.get("system") != system:
        raise Refused(file, f"is a backup of system {document.get('system')!r}, not of {system!r}")
    if (document.get("job"), document.get("id")) != (job, backup_id):
        raise Refused(file, f"is the manifest of another backup: {document.get('job')} {document.get('id')}")
    try:
        return Manifest.model_validate(document)
    except ValidationError as error:
        fault = error.errors()[0]
        raise Refused(file, f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}") from None
