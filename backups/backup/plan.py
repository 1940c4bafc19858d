"""The plan: what is backed up, how often, how long it is kept, and where the vault is."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from backup.errors import ConfigError

Seconds = Annotated[int, Field(gt=0)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
Schedule = Annotated[str, Field(pattern=r"^\S+( \S+){4}$")]
Url = Annotated[str, Field(pattern=r"^https?://[^/\s]+$")]

Kind = Literal["postgres-physical", "postgres-dump", "redis-rdb", "object-store", "kafka-definitions", "models"]

NEEDS: dict[str, str] = {
    "postgres-physical": "database",
    "postgres-dump": "database",
    "redis-rdb": "redis",
    "object-store": "objectStore",
    "kafka-definitions": "kafka",
    "models": "mlflow",
}
"""The part of the plan that a job of each kind reads."""


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)


class VaultPlace(Model):
    endpoint: Url
    region: str = "us-east-1"
    bucket: str
    """Bucket with Object Lock."""
    unlocked_bucket: str
    """Bucket without: for what is made every few minutes and kept a day."""
    identity: Literal["keys", "web-identity"] = "keys"
    """A file with keys, or the token of a pod, which AWS changes for the credentials of a role."""


class Table(Model):
    """A table whose rows are counted and compared."""

    database: str
    table: str
    time: str | None = None
    """Column with the time of a row; the newest one is reported."""

    @property
    def name(self) -> str:
        return f"{self.database}.{self.table}"


class Database(Model):
    service: str
    socket: Path
    """Folder of the server's socket, over which the user is trusted."""
    user: str
    database: str
    stanza: str
    pgdata: Path
    """The live server's data; never restored into."""
    tables: list[Table]

    @property
    def databases(self) -> list[str]:
        """The stack's databases, its own first."""
        return list(dict.fromkeys([self.database, *(table.database for table in self.tables)]))


class Redis(Model):
    service: str
    host: str
    port: int = 6379
    password_file: Path


class ObjectStore(Model):
    service: str
    endpoint: Url
    bucket: str
    credentials_file: Path
    ca_file: Path


class Mlflow(Model):
    url: Url


class Sasl(Model):
    """Who the backup is to brokers that demand TLS and a password."""

    username: str
    password_file: Path
    ca_file: Path


class Kafka(Model):
    bootstrap_servers: Annotated[str, Field(pattern=r"^[^\s,:]+:\d+(,[^\s,:]+:\d+)*$")]
    sasl: Sasl | None = None


class Keep(Model):
    """How long backups are kept, in seconds; `all`, or one of the three by the day that it was made on."""

    all: Seconds | None = None
    daily: Seconds | None = None
    weekly: Seconds | None = None
    """Sunday's."""
    monthly: Seconds | None = None
    """That of the first of the month."""

    @model_validator(mode="after")
    def _one_or_the_other(self) -> "Keep":
        if (self.all is None) == (self.daily is None):
            raise ValueError("give either all or daily")
        return self


class Job(Model):
    name: Name
    kind: Kind
    schedule: Schedule
    """Cron, UTC."""
    max_age_seconds: Seconds
    """Age of the newest backup from which on it counts as too old."""
    keep: Keep
    bucket: Literal["locked", "unlocked"] = "locked"


class Scheduled(Model):
    schedule: Schedule


class Plan(Model):
    version: Literal[1]
    system: str
    vault: VaultPlace
    database: Database | None = None
    redis: Redis | None = None
    object_store: ObjectStore | None = None
    mlflow: Mlflow | None = None
    kafka: Kafka | None = None
    jobs: list[Job]
    restore_test: Scheduled | None = None
    expire: Scheduled | None = None

    @model_validator(mode="after")
    def _jobs_have_what_they_read(self) -> "Plan":
        names = [job.name for job in self.jobs]
        if len(set(names)) < len(names):
            raise ValueError(f"jobs: two have the same name among {', '.join(names)}")
        for job in self.jobs:
            part = NEEDS[job.kind]
            if getattr(self, {"objectStore": "object_store"}.get(part, part)) is None:
                raise ValueError(f"jobs: {job.name} of kind {job.kind} needs the plan's {part}, which is missing")
        return self

    def job(self, name: str) -> Job:
        for job in self.jobs:
            if job.name == name:
                return job
        raise ConfigError(f"job {name!r}: unknown; the plan has {', '.join(job.name for job in self.jobs)}")

    def of_kind(self, kind: Kind) -> list[Job]:
        """The jobs of a kind, at least one."""
        jobs = [job for job in self.jobs if job.kind == kind]
        if not jobs:
            raise ConfigError(f"the plan has no job of kind {kind}, so there is nothing to restore")
        return jobs

    def bucket_of(self, job: Job) -> str:
        return self.vault.bucket if job.bucket == "locked" else self.vault.unlocked_bucket


def load(path: Path) -> Plan:
    """The plan in the JSON file at `path`; raises ConfigError naming all faults at once."""
    try:
        return Plan.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ConfigError(f"{path}: must be a readable file ({error.strerror})") from None
    except ValidationError as error:
        lines = [f"{path}: {'.'.join(str(part) for part in fault['loc']) or 'plan'}: {fault['msg']}" for fault in error.errors()]
        raise ConfigError("\n".join(lines)) from None
