"""Create the buckets that a file declares, with versioning as declared. The endpoint and credentials are the AWS SDK's own settings."""

import argparse
import logging
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from common_utils.config import ConfigError

log = logging.getLogger(__name__)


class Bucket(BaseModel):
    """A bucket as the file declares it."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]
    versioning: bool = False


def load(path: Path) -> list[Bucket]:
    """The buckets in the JSON file at `path`."""
    try:
        return TypeAdapter(list[Bucket]).validate_json(path.read_bytes())
    except OSError as error:
        raise ConfigError(f"--file {str(path)!r}: must be a readable file ({error.strerror})") from None
    except ValidationError as error:
        raise ConfigError(f"--file {str(path)!r}: {error}") from None


def bring(s3: Any, declared: list[Bucket]) -> None:
    """Create what is missing and turn versioning on or, where it was on, suspend it. `s3` is a boto3 client."""
    existing = {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}
    for bucket in declared:
        if bucket.name not in existing:
            s3.create_bucket(Bucket=bucket.name)
        status = s3.get_bucket_versioning(Bucket=bucket.name).get("Status")
        wanted = "Enabled" if bucket.versioning else "Suspended"
        if status != wanted and (bucket.versioning or status == "Enabled"):
            s3.put_bucket_versioning(Bucket=bucket.name, VersioningConfiguration={"Status": wanted})
        done = "unchanged" if bucket.name in existing else "created"
        log.info("bucket %s: %s, versioning %s", bucket.name, done, "on" if bucket.versioning else "off")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("workload object-store-buckets", description=__doc__)
    parser.add_argument("--file", type=Path, required=True, help="JSON: [{name, versioning}]")
    declared = load(parser.parse_args(arguments).file)

    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    # Ten attempts with the SDK's back-off, about half a minute, bound the wait for a store that is starting.
    config = Config(retries={"mode": "standard", "max_attempts": 10}, connect_timeout=3, s3={"addressing_style": "path"})
    s3 = boto3.client("s3", config=config)
    try:
        bring(s3, declared)
    except (BotoCoreError, ClientError) as error:
        log.error("object store: error %s", error)
        return 1
    return 0
