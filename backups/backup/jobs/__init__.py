"""How each kind of backup is made."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from typing import Any

from backup.context import Context
from backup.manifest import File
from backup.plan import Job, Kind


@dataclass(frozen=True)
class Made:
    """What a job put into the vault; the manifest is made of it."""

    files: list[File]
    versions: dict[str, str] = field(default_factory=dict)
    counts: dict[str, Any] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)


Make = Callable[[Context, Job, str, datetime], Made]


def make_of(kind: Kind) -> Make:
    """The function that makes backups of a kind. Loaded when it is wanted: each brings libraries of its own."""
    return import_module(f"backup.jobs.{kind.replace('-', '_')}").make
