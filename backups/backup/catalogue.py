"""The backups that the vault holds, newest first, and the way back to an older one when the newest is damaged."""

import logging
import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from backup import manifest
from backup.clock import ID_PATTERN
from backup.context import Context
from backup.errors import ConfigError, Refused, RefusedForAll, TooYoung
from backup.manifest import Manifest
from backup.plan import Job

log = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True)
class Entry:
    """A backup by name; its manifest is not read yet."""

    job: Job
    id: str


def entries(context: Context, jobs: Iterable[Job]) -> list[Entry]:
    """Backups of these jobs, newest first."""
    found = []
    for job in jobs:
        prefix = f"manifests/{job.name}/"
        keys = context.vault.keys(context.plan.bucket_of(job), prefix)
        found += [Entry(job, key.removeprefix(prefix).removesuffix(".json")) for key in keys]
    return sorted(found, key=lambda entry: entry.id, reverse=True)


def read(context: Context, entry: Entry) -> Manifest:
    """The manifest of a backup; raises Refused."""
    key = manifest.key_of(entry.job.name, entry.id)
    content = context.vault.get(context.plan.bucket_of(entry.job), key)
    return manifest.parse(content, context.manifest_key, system=context.plan.system, job=entry.job.name, backup_id=entry.id)


def read_all(context: Context, found: list[Entry]) -> list[tuple[Entry, Manifest | Refused]]:
    """Every manifest, or why it is refused."""

    def one(entry: Entry) -> tuple[Entry, Manifest | Refused]:
        try:
            return entry, read(context, entry)
        except Refused as refused:
            return entry, refused

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(one, found))


def newest(context: Context, job: Job) -> Manifest | None:
    """The newest whole backup of a job."""
    for entry in entries(context, [job]):
        try:
            return read(context, entry)
        except Refused as refused:
            log.warning("passed over: %s", refused)
    return None


def first_usable(
    context: Context, jobs: list[Job], backup_id: str | None, attempt: Callable[[Manifest], T]
) -> tuple[Manifest, T, list[dict[str, Any]]]:
    """Make `attempt` with the newest backup, and with the one before whenever one is refused.

    With `backup_id` it is that backup or none. The third part of the answer names those that were passed over, and why.
    """
    found = entries(context, jobs)
    if backup_id is not None:
        found = [entry for entry in found if entry.id == backup_id] or [_missing(jobs, backup_id)]
    if not found:
        raise Refused(f"manifests/{jobs[0].name}/", "there is no backup in the vault")
    passed_over: list[dict[str, Any]] = []
    for entry in found:
        try:
            chosen = read(context, entry)
            return chosen, attempt(chosen), passed_over
        except Refused as refused:
            if backup_id is not None or isinstance(refused, RefusedForAll):
                raise
            last = refused
            if not isinstance(refused, TooYoung):
                passed_over.append({"id": entry.id, "file": refused.file, "why": refused.why})
                log.warning("backup %s of %s is refused, the one before is taken: %s", entry.id, entry.job.name, refused)
    raise Refused(last.file, f"{last.why}; no older backup is left, {len(passed_over)} were refused")


def _missing(jobs: list[Job], backup_id: str) -> Entry:
    if not re.match(ID_PATTERN, backup_id):
        raise ConfigError(f"--id {backup_id!r}: must be the id of a backup, like 20261124T020000Z; `backup list` shows them")
    return Entry(jobs[0], backup_id)
