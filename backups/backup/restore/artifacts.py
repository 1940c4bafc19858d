"""Every object of an object store's backup, back into an object store, compared there by its SHA-256."""

import hashlib
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from botocore.exceptions import ClientError

from backup import catalogue, s3
from backup.context import Context
from backup.errors import ConfigError, Failed
from backup.manifest import File, Manifest
from backup.s3 import failures, is_missing
from backup.vault import CHUNK

AT_ONCE = 4

T = TypeVar("T")


def restore(
    context: Context, endpoint: str, authority: Path, credentials: Path, bucket: str | None, backup_id: str | None
) -> dict[str, Any]:
    """Restore the newest usable backup, or that of `backup_id`, into the object store at `endpoint`.

    All of it is read and checked before the first object is written. Objects that are there already as they should be stay.
    """
    store = context.plan.object_store
    if store is None:
        raise ConfigError("the plan has no object store, so there is nothing to restore")
    begun = time.monotonic()
    client = s3.client(endpoint, context.plan.vault.region, credentials, authority)
    target = bucket or store.bucket

    def attempt(made: Manifest) -> int:
        each(made.files, context.vault.check)
        with failures(f"bucket {target} at {endpoint}"):
            if target not in {found["Name"] for found in client.list_buckets()["Buckets"]}:
                client.create_bucket(Bucket=target)
        return sum(each(made.files, lambda file: _write(context, client, target, file)))

    made, written, passed_over = catalogue.first_usable(context, context.plan.of_kind("object-store"), backup_id, attempt)
    return {
        "job": made.job,
        "id": made.id,
        "objects": len(made.files),
        "bytes": made.counts["bytes"],
        "written": written,
        "fellBack": passed_over,
        "seconds": round(time.monotonic() - begun, 2),
    }


def each(files: Iterable[File], do: Callable[[File], T]) -> list[T]:
    """Do it with every file, a few at once; the first failure is raised and keeps those not begun."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        attempts = [pool.submit(do, file) for file in files]
        try:
            return [attempt.result() for attempt in attempts]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _write(context: Context, client: Any, bucket: str, file: File) -> bool:
    """One object; false when the store has it already."""
    assert file.source is not None
    key = file.source.key
    if _sha256(client, bucket, key) == file.sha256:
        return False
    with tempfile.TemporaryFile() as scratch:
        for chunk in context.vault.chunks(file):
            scratch.write(chunk)
        scratch.seek(0)
        with failures(f"restore of {key}"):
            client.upload_fileobj(scratch, bucket, key)
    if _sha256(client, bucket, key) != file.sha256:
        raise Failed(f"{key} does not read back as it was written to {bucket}")
    return True


def _sha256(client: Any, bucket: str, key: str) -> str | None:
    """Of an object's content; None when there is none."""
    with failures(f"reading of {key} in {bucket}"):
        try:
            body = client.get_object(Bucket=bucket, Key=key)["Body"]
        except ClientError as error:
            if is_missing(error):
                return None
            raise
        digest = hashlib.sha256()
        for chunk in body.iter_chunks(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
