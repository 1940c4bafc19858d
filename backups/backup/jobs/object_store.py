"""A copy of every object of the stack's object store; those that have not changed since the last backup are not copied again."""

import hashlib
import logging
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from backup import catalogue, s3
from backup.context import Context
from backup.errors import Failed, PartiallyFailed
from backup.jobs import Made
from backup.manifest import File, Source
from backup.plan import Job
from backup.s3 import failures, is_missing
from backup.vault import CHUNK

log = logging.getLogger(__name__)

AT_ONCE = 4


def make(context: Context, job: Job, backup_id: str, started: datetime) -> Made:
    store = context.plan.object_store
    assert store is not None
    client = s3.client(store.endpoint, context.plan.vault.region, store.credentials_file, store.ca_file)
    last = catalogue.newest(context, job)
    known = {file.source: file for file in last.files if file.source} if last else {}
    copied: list[File] = []

    def copy(source: Source) -> File | None:
        if source in known:
            return known[source]
        file = _copy(context, job, client, store.bucket, source)
        if file:
            copied.append(file)
        return file

    listed = _listed(client, store.bucket)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        attempts = [pool.submit(copy, source) for source in listed]
    faults = [fault for attempt in attempts if (fault := attempt.exception()) is not None]
    if faults:
        done = len(attempts) - len(faults)
        message = f"{len(faults)} of {len(attempts)} objects were not copied, the first because: {faults[0]}"
        raise PartiallyFailed(message) if done else Failed(message)
    files = [file for attempt in attempts if (file := attempt.result()) is not None]
    return Made(
        files=files,
        counts={"objects": len(files), "bytes": sum(file.size for file in files)},
        details={"copied": len(copied), "copiedBytes": sum(file.size for file in copied), "gone": len(attempts) - len(files)},
    )


def _listed(client: Any, bucket: str) -> list[Source]:
    with failures(f"listing of {bucket}"):
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket)
        return [Source(key=entry["Key"], etag=entry["ETag"].strip('"')) for page in pages for entry in page.get("Contents", [])]


def _copy(context: Context, job: Job, client: Any, bucket: str, source: Source) -> File | None:
    """One object into the vault; None when it was deleted since it was listed."""
    with tempfile.TemporaryDirectory(prefix="object-", dir=context.scratch) as scratch:
        file = Path(scratch, "object")
        try:
            answer = client.get_object(Bucket=bucket, Key=source.key)
            md5, size = hashlib.md5(usedforsecurity=False), 0
            with file.open("wb") as stream:
                for chunk in answer["Body"].iter_chunks(CHUNK):
                    stream.write(chunk)
                    md5.update(chunk)
                    size += len(chunk)
        except (BotoCoreError, ClientError) as error:
            if isinstance(error, ClientError) and is_missing(error):
                log.info("%s was deleted while the backup ran", source.key)
                return None
            raise Failed(f"download of {source.key}: {error}") from None
        etag = answer["ETag"].strip('"')
        if size != answer["ContentLength"]:
            raise Failed(f"download of {source.key}: {size} bytes of {answer['ContentLength']}")
        # The ETag of an object that was stored in one part is its MD5.
        if len(etag) == 32 and etag != md5.hexdigest():
            raise Failed(f"{source.key} is damaged in the object store: its MD5 is {md5.hexdigest()}, its ETag {etag}")
        key = f"{job.name}/objects/{source.key}"
        return context.vault.put_file(context.plan.bucket_of(job), key, file, Source(key=source.key, etag=etag))
