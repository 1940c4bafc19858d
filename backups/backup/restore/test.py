"""The restore test: everything that can be restored is, into scratch, compared, and thrown away. It records what came of it."""

import logging
import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from backup import catalogue, clock, locks, records, state
from backup.context import Context
from backup.errors import ConfigError, Failed, Refused
from backup.manifest import Manifest
from backup.plan import Kind
from backup.restore import database, dump, redis
from backup.restore.artifacts import each
from backup.temporary_server import TemporaryServer

log = logging.getLogger(__name__)

NAME = "restore-test"
SAMPLE = 20
"""Objects that are read back, of each backup that is made of objects."""
DUMP = "restore_test_dump"

Line = dict[str, Any]


def test(context: Context, report: Callable[[Line], None]) -> bool:
    """Restore the newest backup of every kind that the plan has; report each, and store the record. True when all held."""
    begun = time.monotonic()
    folder = context.scratch / NAME
    with locks.held(context.scratch / "locks" / NAME, "a restore test", wait=False):
        lines: list[Line] = []

        def part(what: str, do: Callable[[], Line]) -> None:
            # What an interrupted test left.
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            lines.append(_part(what, do))
            report(lines[-1])

        try:
            kinds = {job.kind for job in context.plan.jobs}
            if "postgres-physical" in kinds:
                part("timescaledb", lambda: _database(context, folder, with_dump="postgres-dump" in kinds))
            if "redis-rdb" in kinds:
                part("redis", lambda: redis.restore(context, folder / "redis", None))
            for kind in ("object-store", "models", "kafka-definitions"):
                if kind in kinds:
                    part(kind, lambda kind=kind: _sample(context, kind))  # type: ignore[misc]
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        held = bool(lines) and all(line["held"] for line in lines)
        finished = clock.now()
        whole = {"finished": clock.iso(finished), "held": held, "seconds": round(time.monotonic() - begun, 2), "parts": lines}
        if held:
            state.succeeded(context.paths, NAME, finished.timestamp(), whole["seconds"], 0)
        else:
            state.failed(context.paths, NAME)
        records.store(context, "restore-test", records.Report(finished=finished, held=held), whole)
    return held


def _part(what: str, do: Callable[[], Line]) -> Line:
    """One part of the test. It holds when the newest backup itself could be restored, not one before it."""
    try:
        result = do()
    except (Failed, Refused, ConfigError) as error:
        log.error("restore test of %s: %s", what, error)
        return {"test": what, "held": False, "message": str(error)}
    passed_over = result.get("fellBack", [])
    message = {"message": f"the newest backup is refused: {passed_over[0]['file']}: {passed_over[0]['why']}"} if passed_over else {}
    return {"test": what, "held": not passed_over, **message, **result}


def _database(context: Context, folder: Path, *, with_dump: bool) -> Line:
    """Physical, and the dump into the same server."""
    dumped: Line = {}

    def restore_dump(server: TemporaryServer) -> None:
        dumped.update(dump.restore(context, DUMP, None, None, server))

    result = database.restore(context, folder / "pgdata", None, None, restore_dump if with_dump else None)
    fell_back = result["fellBack"] + dumped.get("fellBack", [])
    return {**result, "fellBack": fell_back} | ({"dump": dumped} if with_dump else {})


def _sample(context: Context, kind: Kind) -> Line:
    """Some objects of the newest backup, drawn anew each time."""

    def attempt(made: Manifest) -> int:
        chosen = random.sample(made.files, min(SAMPLE, len(made.files)))
        each(chosen, context.vault.check)
        return len(chosen)

    made, count, passed_over = catalogue.first_usable(context, context.plan.of_kind(kind), None, attempt)
    return {"job": made.job, "id": made.id, "objects": len(made.files), "read": count, "fellBack": passed_over}
