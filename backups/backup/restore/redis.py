"""A Redis snapshot, turned into the append-only file that a Redis with AOF starts from; a bare dump.rdb it would pass over."""

import json
import logging
import shutil
import time
from pathlib import Path
from typing import Any

import redis

from backup import catalogue, locks, programs, redis_content, temporary_redis
from backup.context import Context
from backup.errors import ConfigError, Failed, Refused
from backup.jobs.redis_rdb import RDB, check
from backup.manifest import Manifest, key_of
from backup.restore import compatibility
from backup.temporary_redis import RedisEnded

log = logging.getLogger(__name__)

AOF = "appendonlydir"
UNFINISHED, RESTORED = "restore.unfinished", "restored"
"""Files that tell a folder of this program from the live data, which holds the same."""
POLL_SECONDS = 0.05
REWRITE_SECONDS = 600


def restore(context: Context, folder: Path, backup_id: str | None) -> dict[str, Any]:
    """Restore the newest usable snapshot, or that of `backup_id`, so that `folder` holds `appendonlydir`."""
    begun = time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)
    names = sorted(entry.name for entry in folder.iterdir())
    if names and UNFINISHED not in names and RESTORED not in names:
        raise ConfigError(f"--dir {str(folder)!r}: holds {names[0]} and no restore of this program; name an empty folder")
    with locks.held(folder / UNFINISHED, f"a restore into {folder}", wait=False):
        (folder / RESTORED).unlink(missing_ok=True)
        made, content, passed_over = catalogue.first_usable(
            context, context.plan.of_kind("redis-rdb"), backup_id, lambda made: _attempt(context, made, folder)
        )
        (folder / RESTORED).write_text(json.dumps({"job": made.job, "id": made.id}) + "\n")
        (folder / UNFINISHED).unlink()
    counts = {"keys": content["keys"], "types": content["types"]}
    return {"job": made.job, "id": made.id, **counts, "fellBack": passed_over, "seconds": round(time.monotonic() - begun, 2)}


def load_checked(context: Context, made: Manifest, file: Path) -> None:
    """A checked snapshot at `file`; raises Refused."""
    compatibility.check_redis(made, temporary_redis.version())
    stored = made.files[0]
    context.vault.download(stored, file)
    try:
        check(file)
    except programs.ProgramFailed as error:
        raise Refused(stored.key, f"redis-check-rdb refuses it: {error.output}") from None


def compare(client: redis.Redis, made: Manifest) -> redis_content.Content:
    """What a loaded Redis holds; raises Refused when it is not what was backed up."""
    found = redis_content.content(client)
    differing = redis_content.differences(made.counts, found)
    if differing:
        raise Refused(key_of(made.job, made.id), f"what was restored is not what was backed up: {'; '.join(differing)}")
    return found


def _attempt(context: Context, made: Manifest, folder: Path) -> redis_content.Content:
    shutil.rmtree(folder / AOF, ignore_errors=True)
    for leftover in folder.glob("temp-*"):
        leftover.unlink()
    file = folder / RDB
    load_checked(context, made, file)
    try:
        with temporary_redis.running(folder, dbfilename=RDB) as loaded:
            compare(loaded, made)
            _turn_on_aof(loaded)
        file.unlink()
        # As the real one will start: from the append-only file alone.
        with temporary_redis.running(folder, appendonly="yes") as restarted:
            return compare(restarted, made)
    except RedisEnded as ended:
        raise Refused(made.files[0].key, str(ended)) from None


def _turn_on_aof(client: redis.Redis) -> None:
    """Write the append-only file; returns when it is whole and in force."""
    client.config_set("appendonly", "yes")
    deadline = time.monotonic() + REWRITE_SECONDS
    while time.monotonic() < deadline:
        state = client.info("persistence")
        if state["aof_last_bgrewrite_status"] != "ok":
            raise Failed("Redis could not write its append-only file; is there room on the volume?")
        if not state["aof_rewrite_in_progress"] and not state["aof_rewrite_scheduled"]:
            return
        time.sleep(POLL_SECONDS)
    raise Failed(f"Redis did not write its append-only file within {REWRITE_SECONDS} s")
