"""Retention: backups past it get delete markers. pgBackRest keeps its own, and what it dropped loses its manifest here."""

import logging
from datetime import datetime, timedelta
from typing import Any

from backup import catalogue, clock, locks, manifest, pgbackrest
from backup.catalogue import Entry
from backup.context import Context
from backup.errors import Refused
from backup.jobs.postgres_dump import tier
from backup.manifest import Manifest
from backup.plan import Job, Keep

log = logging.getLogger(__name__)


def expired(keep: Keep, ids: list[str], now: datetime) -> list[str]:
    """Backups past their retention, of `ids` newest first. The newest one stays, however old: nothing has replaced it."""
    return [backup_id for backup_id in ids[1:] if now - clock.moment_of(backup_id) > timedelta(seconds=_kept(keep, backup_id))]


def _kept(keep: Keep, backup_id: str) -> int:
    if keep.all is not None:
        return keep.all
    tiers = {"daily": keep.daily, "weekly": keep.weekly, "monthly": keep.monthly}
    seconds = tiers[tier(keep, clock.moment_of(backup_id))]
    assert seconds is not None
    return seconds


def expire(context: Context, now: datetime) -> list[dict[str, Any]]:
    """Expire every job's backups; a line for each job."""
    lines = []
    for job in context.plan.jobs:
        # Files of a run under way have no manifest yet, and must not be taken for leftovers.
        with locks.held(context.scratch / "locks" / job.name, f"backup {job.name}", wait=True):
            lines.append(_expire_job(context, job, now))
    return lines


def _expire_job(context: Context, job: Job, now: datetime) -> dict[str, Any]:
    bucket = context.plan.bucket_of(job)
    entries = catalogue.entries(context, [job])
    if job.kind == "postgres-physical":
        assert context.plan.database is not None
        kept = {backup.id for backup in pgbackrest.info(context.plan.database.stanza).backups}
        gone = [entry.id for entry in entries if entry.id not in kept]
    else:
        gone = expired(job.keep, [entry.id for entry in entries], now)
    # The manifest goes first: none ever names a file that is gone.
    for backup_id in gone:
        context.vault.delete(bucket, manifest.key_of(job.name, backup_id))
    deleted = 0 if job.kind == "postgres-physical" else _delete_unnamed(context, job, [e for e in entries if e.id not in gone])
    log.info("%s: %d backups expired, %d files deleted", job.name, len(gone), deleted)
    return {"job": job.name, "expired": len(gone), "kept": len(entries) - len(gone), "deletedFiles": deleted}


def _delete_unnamed(context: Context, job: Job, kept: list[Entry]) -> int:
    """Delete the job's files that no manifest names any more; also those of runs that failed."""
    bucket = context.plan.bucket_of(job)
    manifests = catalogue.read_all(context, kept)
    damaged = [made for _, made in manifests if isinstance(made, Refused)]
    if damaged:
        # What it names is not known, so nothing of the job may go.
        log.warning("%s: no file is deleted while a manifest is refused: %s", job.name, damaged[0])
        return 0
    named = {file.key for _, made in manifests if isinstance(made, Manifest) for file in made.files}
    prefix = "models/" if job.kind == "models" else f"{job.name}/"
    unnamed = [key for key in context.vault.keys(bucket, prefix) if key not in named]
    for key in unnamed:
        context.vault.delete(bucket, key)
    return len(unnamed)
