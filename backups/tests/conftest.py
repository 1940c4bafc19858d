import json
from pathlib import Path
from typing import Any

import pytest

from backup import context
from backup.context import Context
from backup.paths import Paths
from backup.vault import Vault
from tests.fake_s3 import FakeS3

KEY = "a manifest key"


def plan(**changes: Any) -> dict[str, Any]:
    """A plan with every part and one job of each kind."""
    job = {"schedule": "0 2 * * *", "maxAgeSeconds": 93600, "keep": {"all": 86400}}
    return {
        "version": 1,
        "system": "ultrathink",
        "vault": {"endpoint": "https://vault:9000", "bucket": "locked", "unlockedBucket": "recent"},
        "database": {
            "service": "timescaledb",
            "socket": "/var/run/postgresql",
            "user": "ultrathink",
            "database": "experiments",
            "stanza": "ultrathink",
            "pgdata": "/home/postgres/pgdata/data",
            "tables": [{"database": "experiments", "table": "metrics", "time": "timestamp"}, {"database": "mlflow", "table": "runs"}],
        },
        "redis": {"service": "redis-queue", "host": "redis-queue", "passwordFile": "/run/secrets/redis-queue-password"},
        "objectStore": {
            "service": "object-store",
            "endpoint": "https://object-store:9000",
            "bucket": "artifacts",
            "credentialsFile": "/run/secrets/object-store-credentials",
            "caFile": "/etc/ssl/ultrathink/ca.crt",
        },
        "mlflow": {"url": "http://mlflow:5000"},
        "kafka": {"bootstrapServers": "kafka-1:9092"},
        "jobs": [
            {**job, "name": "timescaledb", "kind": "postgres-physical"},
            {**job, "name": "dump", "kind": "postgres-dump", "keep": {"daily": 10, "weekly": 20, "monthly": 30}},
            {**job, "name": "redis-queue", "kind": "redis-rdb", "bucket": "unlocked"},
            {**job, "name": "artifacts", "kind": "object-store"},
            {**job, "name": "kafka", "kind": "kafka-definitions"},
            {**job, "name": "models", "kind": "models"},
        ],
        **changes,
    }


@pytest.fixture
def s3() -> FakeS3:
    return FakeS3("locked", "recent")


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """The files of a container; the scratch folder is empty."""
    (tmp_path / "backup.json").write_text(json.dumps(plan()))
    (tmp_path / "manifest-key").write_text(f"{KEY}\n")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    return Paths(plan=tmp_path / "backup.json", manifest_key=tmp_path / "manifest-key", scratch=scratch)


@pytest.fixture
def loaded(paths: Paths, s3: FakeS3) -> Context:
    """What a command works with, on a vault in memory."""
    result = context.load(paths)
    result.__dict__["vault"] = Vault(s3)
    return result
