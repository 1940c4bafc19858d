"""One training run: rows from TimescaleDB, a version in MLflow, and a check before it may serve."""

import json
import logging
import os
import time
import warnings
from datetime import UTC, datetime
from itertools import chain
from typing import Any

import psycopg
from pydantic import BaseModel

from common_utils.circuit_breaker import get_circuit_breaker
from common_utils.config import Settings
from common_utils.database import connection_info
from common_utils.kafka import EventProducer
from common_utils.prices import EXPERIMENT as MARKET_DATA
from common_utils.registry import LoadedModel, ModelRegistry
from services import training_metrics as metrics
from trading.market import SYMBOLS, samples
from trading.model import ALIAS, ARTIFACT, NAME, LinearModel, Sample, TrainingResult, instability, train

# The client's own defaults wait for minutes; the next run is better than that.
os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "10")
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
# Its own lines are not JSON.
os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "WARNING")
os.environ.setdefault("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")
# Stages are moved on purpose: the runbook rolls back by them.
warnings.filterwarnings("ignore", message=".*transition_model_version_stage", category=FutureWarning)

log = logging.getLogger(__name__)

EXPERIMENT = f"{NAME}_training"
LEAST_ROWS = 100
MOST_PRICES = 2000
"""Newest prices per symbol that a run learns from."""


class NotEnoughRows(Exception):
    """The database does not hold enough prices yet."""


class TrainingStatus(BaseModel):
    """training_status"""

    symbol: str = NAME
    run_id: str
    version: str
    result: str
    loss: float
    ewc_penalty: float
    timestamp: datetime


def run(settings: Settings, *, learning_rate: float | None = None, ewc_lambda: float | None = None) -> None:
    """Train, register, and put into production what is stable; raises when a step fails."""
    started = time.monotonic()
    try:
        result = _run(settings, learning_rate or settings.learning_rate, ewc_lambda if ewc_lambda is not None else settings.ewc_lambda)
    except NotEnoughRows:
        raise
    except Exception as error:
        metrics.RUNS.labels("failed").inc()
        log.error("training failed: error %r", error)
        raise
    metrics.RUNS.labels(result).inc()
    metrics.DURATION.observe(time.monotonic() - started)


def _run(settings: Settings, learning_rate: float, ewc_lambda: float) -> str:
    rows = get_circuit_breaker("timescaledb").call(_rows, settings)
    if len(rows) < LEAST_ROWS:
        raise NotEnoughRows(f"{len(rows)} rows to train on, at least {LEAST_ROWS} are needed")
    registry = ModelRegistry(settings)
    registry.refresh()
    production = registry.current
    base = production.model if production else LinearModel()
    log.info("training on %d rows, ewc_lambda %g, learning rate %g", len(rows), ewc_lambda, learning_rate)
    result = train(
        base,
        rows,
        learning_rate=learning_rate,
        ewc_lambda=ewc_lambda,
        batch_size=settings.training_batch_size,
        seed=len(rows),
    )
    log.info("loss %.6g gradient %.6g ewc_penalty %.6g", result.loss, result.gradient_norm, result.ewc_penalty)
    metrics.LAST_LOSS.set(result.loss)
    metrics.LAST_EWC_PENALTY.set(result.ewc_penalty)

    parameters = {
        "LEARNING_RATE": learning_rate,
        "EWC_LAMBDA": ewc_lambda,
        "TRAINING_BATCH_SIZE": settings.training_batch_size,
        "rows": len(rows),
    }
    figures = {
        "loss": result.loss,
        "ewc_penalty": result.ewc_penalty,
        "gradient_norm": result.gradient_norm,
        "validation_loss": result.model.validation_loss,
        "skill": result.model.skill,
    }
    refused = instability(result)
    version, run_id = get_circuit_breaker("mlflow").call(
        _register, settings.mlflow_tracking_uri, result, parameters, figures, production, refused
    )
    outcome = "rolled_back" if refused else "promoted"
    if refused:
        metrics.ROLLBACKS.inc()
        kept = production.version if production else "none"
        log.error("stability check failed: %s; rollback of version %s, version %s stays in production", refused, version, kept)
    else:
        metrics.LAST_SUCCESS.set_to_current_time()
        log.info("version %s is stable and in production", version)
    get_circuit_breaker("timescaledb").call(_record, settings, run_id, version, parameters, figures, bool(refused))
    status = TrainingStatus(
        run_id=run_id,
        version=version,
        result=outcome,
        loss=result.loss,
        ewc_penalty=result.ewc_penalty,
        timestamp=datetime.now(UTC),
    )
    try:
        get_circuit_breaker("kafka").call(EventProducer(settings).publish, "training_status", [status])
    except Exception as error:
        # Telling is not part of training: the version is registered and recorded.
        log.warning("training status not published: error %r", error)
    return outcome


def _rows(settings: Settings) -> list[Sample]:
    """Samples of all symbols in order of time, so that the last fifth is the newest of each."""
    rows: list[list[Sample]] = []
    with psycopg.connect(connection_info(settings)) as connection:
        for symbol in SYMBOLS:
            prices = connection.execute(
                "SELECT value FROM metrics WHERE experiment_id = %s AND metric_name = %s"
                " AND timestamp > now() - interval '2 hours' ORDER BY timestamp DESC LIMIT %s",
                (MARKET_DATA, f"price:{symbol}", MOST_PRICES),
            ).fetchall()
            rows.append(samples([price for (price,) in reversed(prices)]))
    return list(chain.from_iterable(zip(*rows, strict=False)))


def _register(
    tracking_uri: str,
    result: TrainingResult,
    parameters: dict[str, Any],
    figures: dict[str, float],
    production: LoadedModel | None,
    refused: str | None,
) -> tuple[str, str]:
    """Log the run and register its version; (version, run id). Alias and stage move only to a version that may serve."""
    from mlflow import MlflowClient
    from mlflow.exceptions import MlflowException

    client = MlflowClient(tracking_uri)
    experiment = client.get_experiment_by_name(EXPERIMENT)
    experiment_id = experiment.experiment_id if experiment else client.create_experiment(EXPERIMENT)
    training = client.create_run(experiment_id)
    run_id = training.info.run_id
    for key, value in parameters.items():
        client.log_param(run_id, key, value)
    for key, value in figures.items():
        client.log_metric(run_id, key, value)
    model = json.loads(result.model.model_dump_json())
    client.log_dict(run_id, model, ARTIFACT)
    client.log_dict(run_id, model, "checkpoints/last.json")
    try:
        client.create_registered_model(NAME)
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
    version = client.create_model_version(NAME, f"{training.info.artifact_uri}/model", run_id, await_creation_for=0).version
    serving = production.version if refused and production else None if refused else version
    if refused:
        client.set_model_version_tag(NAME, version, "rollback", refused)
    if serving:
        client.set_registered_model_alias(NAME, ALIAS, serving)
        client.transition_model_version_stage(NAME, serving, "Production", archive_existing_versions=True)
    client.set_terminated(run_id, "FAILED" if refused else "FINISHED")
    return str(version), run_id


def _record(
    settings: Settings, run_id: str, version: str, parameters: dict[str, Any], figures: dict[str, float], rolled_back: bool
) -> None:
    """The same figures in TimescaleDB, where the runbook looks for them."""
    with psycopg.connect(connection_info(settings)) as connection, connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO experiments (experiment_id, name, created_at, params) VALUES (%s, %s, now(), %s) ON CONFLICT DO NOTHING",
            (run_id, EXPERIMENT, json.dumps(parameters)),
        )
        cursor.executemany(
            "INSERT INTO metrics (timestamp, experiment_id, metric_name, value) VALUES (now(), %s, %s, %s)",
            [(run_id, name, value) for name, value in figures.items()],
        )
        cursor.execute(
            "INSERT INTO model_versions (model_name, version, run_id, stage, metrics, rollback_triggered, created_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, now())",
            (NAME, version, run_id, "None" if rolled_back else "Production", json.dumps(figures), rolled_back),
        )
