"""Settings of a role, read once from the environment; secrets are read from the files that `*_FILE` names."""

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Port = Annotated[int, Field(ge=1, le=65535)]
Seconds = Annotated[float, Field(gt=0)]
HttpUrl = Annotated[str, Field(pattern=r"^https?://[^/\s]+$")]


class ConfigError(ValueError):
    """One or more settings are unusable; the message has a line for each: key, value, what is allowed, how to mend it."""


class Settings(BaseModel):
    """Every setting, named as its environment variable in lower case."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    service_name: str = "workload"
    port: Port = 8000
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    pghost: str = "timescaledb"
    pgport: Port = 5432
    pguser: str = "ultrathink_app"
    pgdatabase: str = "ultrathink_experiments"

    redis_host: str = "redis"
    redis_port: Port = 6379
    redis_password_file: Path | None = None

    celery_broker_host: str = "redis-queue"
    celery_broker_port: Port = 6379
    celery_broker_password_file: Path | None = None

    kafka_bootstrap_servers: Annotated[str, Field(pattern=r"^[^\s,:]+:\d+(,[^\s,:]+:\d+)*$")] = "kafka-1:9092,kafka-2:9093,kafka-3:9094"
    kafka_username: str = "client"
    kafka_password_file: Path | None = None
    """With it, TLS and SASL; without, plain text."""
    kafka_ca_file: Path | None = None

    mlflow_tracking_uri: HttpUrl = "http://mlflow:5000"
    data_service_url: HttpUrl = "http://data-service:8000"
    regime_detection_url: HttpUrl = "http://regime-detection:8001"
    meta_controller_url: HttpUrl = "http://meta-controller:8002"
    risk_manager_url: HttpUrl = "http://risk-manager:8003"
    prometheus_url: HttpUrl = "http://prometheus:9090"
    loki_url: HttpUrl = "http://loki:3100"

    tick_interval_seconds: Seconds = 2
    """Time between two prices of a symbol."""
    decision_interval_seconds: Seconds = 2
    """Time between two decisions that the inference service makes on its own."""
    model_refresh_seconds: Seconds = 10
    """How often a serving role asks the registry which version to serve."""
    training_interval_seconds: Seconds = 300
    """Time between two training runs; the first starts with the worker."""

    batch_size: Annotated[int, Field(ge=1, le=1024)] = 16
    """Most symbols in one prediction request."""
    training_batch_size: Annotated[int, Field(ge=1, le=4096)] = 32
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 0.0001
    ewc_lambda: Annotated[float, Field(ge=0)] = 1000
    """Weight of the elastic weight consolidation penalty."""

    circuit_breaker_failure_threshold: Annotated[int, Field(ge=1)] = 5
    circuit_breaker_window_seconds: Seconds = 60
    circuit_breaker_timeout_seconds: Seconds = 60

    cuda_visible_devices: str = ""

    log_selector: str = '{service=~".+"}'
    """Which streams of Loki the error summary counts."""
    grafana_url: HttpUrl | None = None
    grafana_user: str = "admin"
    grafana_password_file: Path | None = None
    smtp_host: str | None = None
    smtp_port: Port = 25
    report_from: str = "ultrathink@localhost"
    report_to: str = "ops@ultrathink.com"


def load(environ: Mapping[str, str]) -> Settings:
    """Parse `environ`; raises ConfigError naming all faults at once."""
    known = {key.lower(): value for key, value in environ.items() if key.lower() in Settings.model_fields}
    try:
        return Settings.model_validate(known)
    except ValidationError as error:
        lines = [
            f"{str(fault['loc'][0]).upper()}={fault['input']!r}: {fault['msg']}; set it in the service's environment"
            for fault in error.errors()
        ]
        raise ConfigError("\n".join(lines)) from None


@cache
def settings() -> Settings:
    """The settings of this process."""
    return load(os.environ)


def read_secret(key: str, path: Path | None) -> str | None:
    """The secret in the file that the variable `key` names; None when it names none. The secret is never part of an error."""
    if path is None:
        return None
    try:
        return path.read_text().strip()
    except OSError as error:
        raise ConfigError(
            f"{key}={str(path)!r}: must be a file that user {os.getuid()} can read ({error.strerror}); "
            "mount the secret there"
        ) from None
