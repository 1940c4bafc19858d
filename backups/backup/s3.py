"""Clients of S3 servers, and what their errors mean."""

import configparser
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from backup.errors import ConfigError, Failed
from backup.paths import read_secret

MISSING = frozenset({"404", "NoSuchKey", "NoSuchVersion", "MethodNotAllowed"})
"""Codes for an object that is not there, or lies under a delete marker."""


def credentials_of(path: Path) -> tuple[str, str]:
    """Access and secret key of profile `default` in a shared credentials file."""
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(read_secret(path))
        return parser["default"]["aws_access_key_id"], parser["default"]["aws_secret_access_key"]
    except (configparser.Error, KeyError):
        raise ConfigError(f"{path}: must be an AWS shared credentials file with a profile [default]") from None


def client(endpoint: str, region: str, credentials: Path, authority: Path) -> Any:
    """A client that trusts `authority` alone."""
    access_key, secret_key = credentials_of(credentials)
    if not authority.is_file():
        raise ConfigError(f"{authority}: must be the certificate authority of {endpoint}")
    return _client(endpoint, region, aws_access_key_id=access_key, aws_secret_access_key=secret_key, verify=str(authority))


def role_client(endpoint: str, region: str) -> Any:
    """A client with the credentials of the AWS role that the pod's service account names; it renews them by itself."""
    missing = [name for name in ("AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE") if not os.environ.get(name)]
    if missing:
        raise ConfigError(
            f"{' and '.join(missing)}: must be set by the cluster; annotate the pod's service account with "
            "eks.amazonaws.com/role-arn and make the pod anew"
        )
    return _client(endpoint, region)


def _client(endpoint: str, region: str, **access: str) -> Any:
    """It tries five times, so a server that restarts is not yet one that is away."""
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=region,
        **access,
        config=Config(
            retries={"mode": "standard", "max_attempts": 5},
            connect_timeout=5,
            read_timeout=30,
            max_pool_connections=8,
            s3={"addressing_style": "path"},
            # What comes back is judged by the manifest, with a message that names the file.
            response_checksum_validation="when_required",
        ),
    )


def is_missing(error: ClientError) -> bool:
    return error.response.get("Error", {}).get("Code") in MISSING


@contextmanager
def failures(doing: str) -> Iterator[None]:
    """Turns the errors of a client into Failed, with what was being done."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise Failed(f"{doing}: {error}") from None
