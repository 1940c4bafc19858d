"""Metrics of the training orchestrator, on a port of their own since Celery serves none."""

import time
from typing import Any

import redis
from celery import Celery, signals
from prometheus_client import Counter, Gauge, Histogram, start_http_server

from common_utils.config import read_secret, settings
from common_utils.gpu import gpu_available

PORT = 9808

RUNS = Counter("training_runs_total", "Training runs ended.", ["result"])
ROLLBACKS = Counter("model_rollbacks_total", "Trained versions refused by the stability check, the version before kept.")
LAST_LOSS = Gauge("training_last_loss", "Training loss of the last run.")
LAST_EWC_PENALTY = Gauge("training_last_ewc_penalty", "EWC penalty of the last run.")
LAST_SUCCESS = Gauge("training_last_success_timestamp_seconds", "When a trained version was last put into production.")
DURATION = Histogram("training_duration_seconds", "Time of a training run.", buckets=(1, 2, 5, 10, 30, 60, 120, 300))
TASKS = Counter("celery_tasks_total", "Celery tasks ended.", ["task", "state"])
TASK_DURATION = Histogram("celery_task_duration_seconds", "Time of a Celery task.", ["task"])
QUEUE_LENGTH = Gauge("celery_queue_length", "Tasks that wait in a queue.", ["queue"])

for _result in ("promoted", "rolled_back", "failed"):
    RUNS.labels(_result)


def serve(app: Celery) -> None:
    """Count what the worker does and answer scrapes."""
    gpu_available(settings())
    started: dict[str, float] = {}

    def begin(task_id: str, **_: Any) -> None:
        started[task_id] = time.monotonic()

    def end(task_id: str, task: Any, state: str | None = None, **_: Any) -> None:
        TASKS.labels(task.name, (state or "unknown").lower()).inc()
        TASK_DURATION.labels(task.name).observe(time.monotonic() - started.pop(task_id, time.monotonic()))

    signals.task_prerun.connect(begin, weak=False)
    signals.task_postrun.connect(end, weak=False)
    queue = app.conf.task_default_queue
    QUEUE_LENGTH.labels(queue).set_function(_queue_length(queue))
    start_http_server(PORT)


def _queue_length(queue: str) -> Any:
    now = settings()
    client = redis.Redis(
        host=now.celery_broker_host,
        port=now.celery_broker_port,
        password=read_secret("CELERY_BROKER_PASSWORD_FILE", now.celery_broker_password_file),
        socket_timeout=1,
        socket_connect_timeout=1,
    )

    def length() -> float:
        try:
            return float(client.llen(queue))
        except redis.RedisError:
            # An unknown length is no reason to lose the whole scrape.
            return float("nan")

    return length
