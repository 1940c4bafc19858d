"""Running jobs: phases, the manifest at the end, and the state for the metrics."""

import logging
import time
from collections.abc import Callable
from typing import Any

from backup import clock, locks, manifest, state
from backup.context import Context
from backup.errors import ConfigError, Failed, PartiallyFailed, Refused
from backup.jobs import make_of
from backup.manifest import Manifest
from backup.plan import Job

log = logging.getLogger(__name__)

VERSION = "0.1.0"
"""Of this program, as manifests name it."""

Line = dict[str, Any]


def run(context: Context, jobs: list[Job], report: Callable[[Line], None]) -> bool:
    """Run jobs one after the other and report each as it ends; true when all are Completed. A failed one does not keep the others."""
    lines = []
    for job in jobs:
        with locks.held(context.scratch / "locks" / job.name, f"backup {job.name}", wait=True):
            lines.append(_run_one(context, job))
        report(lines[-1])
    return all(line["phase"] == "Completed" for line in lines)


def _run_one(context: Context, job: Job) -> Line:
    started = clock.now()
    begun = time.monotonic()
    backup_id = clock.id_of(started)
    line: Line = {"job": job.name, "id": backup_id}
    log.info("backup %s %s", job.name, backup_id, extra={"phase": "InProgress"})
    try:
        context.vault.reach(context.plan.bucket_of(job))
        made = make_of(job.kind)(context, job, backup_id, started)
        done = Manifest(
            system=context.plan.system,
            job=job.name,
            kind=job.kind,
            id=backup_id,
            started=started,
            finished=clock.now(),
            versions={**made.versions, "backup": VERSION},
            files=made.files,
            counts=made.counts,
            details=made.details,
        )
        key = manifest.key_of(job.name, backup_id)
        context.vault.put(context.plan.bucket_of(job), key, manifest.render(done, context.manifest_key))
    except BaseException as error:
        phase = "PartiallyFailed" if isinstance(error, PartiallyFailed) else "Failed"
        _remember(lambda: state.failed(context.paths, job.name))
        known = isinstance(error, (Failed, Refused, ConfigError))
        message = str(error) if known else repr(error)
        log.error("backup %s %s: %s", job.name, backup_id, message, extra={"phase": phase}, exc_info=None if known else error)
        if not isinstance(error, Exception):
            raise
        return line | {"phase": phase, "seconds": _since(begun), "bytes": 0, "message": message}
    seconds = _since(begun)
    _remember(lambda: state.succeeded(context.paths, job.name, done.finished.timestamp(), seconds, done.bytes))
    log.info("backup %s %s", job.name, backup_id, extra={"phase": "Completed", "bytes": done.bytes})
    return line | {"phase": "Completed", "seconds": seconds, "bytes": done.bytes}


def _since(begun: float) -> float:
    return round(time.monotonic() - begun, 2)


def _remember(write: Callable[[], None]) -> None:
    """A backup is not worth less because its state could not be written."""
    try:
        write()
    except OSError as error:
        log.warning("the state for the metrics could not be written: %s", error)
