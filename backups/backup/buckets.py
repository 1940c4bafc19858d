"""Bring the vault's buckets to what a file declares, with the vault's root identity. Can be run again at any time."""

import json
import logging
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from backup import s3
from backup.errors import ConfigError
from backup.paths import Paths
from backup.s3 import failures

log = logging.getLogger(__name__)


class Lock(BaseModel):
    """Object Lock with a default retention."""

    model_config = ConfigDict(extra="forbid")

    mode: Literal["GOVERNANCE", "COMPLIANCE"]
    days: Annotated[int, Field(gt=0)]


class Bucket(BaseModel):
    """A bucket as the file declares it."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]
    versioning: bool = True
    lock: Lock | None = None
    policy: dict[str, Any] | None = None
    """Who may do what, in S3's policy language."""


class Declaration(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: Literal[1]
    endpoint: str
    region: str = "us-east-1"
    buckets: list[Bucket]


def load(path: Path) -> Declaration:
    """The buckets in the JSON file at `path`."""
    try:
        return Declaration.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ConfigError(f"--file {str(path)!r}: must be a readable file ({error.strerror})") from None
    except ValidationError as error:
        raise ConfigError(f"--file {str(path)!r}: {error}") from None


def bring(client: Any, declared: list[Bucket]) -> list[dict[str, Any]]:
    """Create what is missing and set versioning, lock and policy; a line for each bucket. `client` is a boto3 client."""
    with failures("listing of buckets"):
        existing = {bucket["Name"] for bucket in client.list_buckets()["Buckets"]}
    done = []
    for bucket in declared:
        with failures(f"bucket {bucket.name}"):
            if bucket.name not in existing:
                client.create_bucket(Bucket=bucket.name, ObjectLockEnabledForBucket=bucket.lock is not None)
            if bucket.versioning and client.get_bucket_versioning(Bucket=bucket.name).get("Status") != "Enabled":
                client.put_bucket_versioning(Bucket=bucket.name, VersioningConfiguration={"Status": "Enabled"})
            if bucket.lock:
                # Also when it is there already: versitygw counts a default retention from when it was last set.
                rule = {"DefaultRetention": {"Mode": bucket.lock.mode, "Days": bucket.lock.days}}
                client.put_object_lock_configuration(
                    Bucket=bucket.name, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule}
                )
            if bucket.policy:
                client.put_bucket_policy(Bucket=bucket.name, Policy=json.dumps(bucket.policy))
        done.append({"bucket": bucket.name, "done": "unchanged" if bucket.name in existing else "created"})
    return done


def run(paths: Paths, file: Path) -> list[dict[str, Any]]:
    declaration = load(file)
    return bring(s3.client(declaration.endpoint, declaration.region, paths.credentials, paths.authority), declaration.buckets)
