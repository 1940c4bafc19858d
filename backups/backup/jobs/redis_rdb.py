"""A snapshot of a Redis, taken over its replication protocol, and loaded once to see that it can be and what it holds."""

import tempfile
from datetime import datetime
from pathlib import Path

from backup import programs, redis_content, temporary_redis
from backup.context import Context
from backup.errors import Failed
from backup.jobs import Made
from backup.paths import read_secret
from backup.plan import Job

RDB = "dump.rdb"


def make(context: Context, job: Job, backup_id: str, started: datetime) -> Made:
    source = context.plan.redis
    assert source is not None
    with tempfile.TemporaryDirectory(prefix="redis-", dir=context.scratch) as scratch:
        file = Path(scratch, RDB)
        # Asked for the password, redis-cli reads it from its standard input.
        client = ["redis-cli", "-h", source.host, "-p", str(source.port), "--askpass", "--rdb", file]
        programs.run(client, stdin=read_secret(source.password_file) + "\n")
        if not file.exists() or file.stat().st_size == 0:
            raise Failed("redis-cli ended without an error, but wrote no snapshot")
        check(file)
        with temporary_redis.running(file.parent, dbfilename=RDB) as loaded:
            content = redis_content.content(loaded)
        stored = context.vault.put_file(context.plan.bucket_of(job), f"{job.name}/{backup_id}.rdb", file)
    return Made(files=[stored], versions={"redis": temporary_redis.version()}, counts=content)


def check(file: Path) -> None:
    """Read all of an RDB file by Redis' own checker."""
    programs.run(["redis-check-rdb", file])
