"""Reading all of a backup against its manifest. Changes nothing."""

from typing import Any

from backup import catalogue, pgbackrest, temporary_redis
from backup.context import Context
from backup.errors import Refused
from backup.manifest import Manifest
from backup.plan import Job
from backup.restore import compatibility
from backup.restore.artifacts import each


def verify(context: Context, job: Job, backup_id: str | None) -> dict[str, Any]:
    """Verify the newest backup of a job, or that of `backup_id`; raises Refused for the first fault."""
    if backup_id is None:
        found = catalogue.entries(context, [job])
        if not found:
            raise Refused(f"manifests/{job.name}/", "there is no backup in the vault")
        backup_id = found[0].id
    made, _, _ = catalogue.first_usable(context, [job], backup_id, lambda made: _verify(context, made))
    return {"job": made.job, "id": made.id, "files": len(made.files), "bytes": made.bytes, "verified": True}


def _verify(context: Context, made: Manifest) -> None:
    if made.kind == "postgres-physical":
        compatibility.check_postgresql(made, physical=True)
    elif made.kind == "postgres-dump":
        compatibility.check_postgresql(made, physical=False)
    elif made.kind == "redis-rdb":
        compatibility.check_redis(made, temporary_redis.version())
    each(made.files, context.vault.check)
    if made.kind == "postgres-physical":
        _verify_repository(context, made)


def _verify_repository(context: Context, made: Manifest) -> None:
    assert context.plan.database is not None
    stanza = context.plan.database.stanza
    place = f"{pgbackrest.REPOSITORY}/backup/{stanza}/{made.details['label']}"
    backup = pgbackrest.info(stanza).by_id(made.id)
    if backup is None:
        raise Refused(place, "is not in pgBackRest's repository")
    pgbackrest.verify(stanza, backup.label)
