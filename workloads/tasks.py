"""The Celery application of the training orchestrator: `celery -A tasks …`.

Only Celery is imported here; `celery -A tasks inspect ping` is a health check and must start quickly.
"""

from typing import Any
from urllib.parse import quote

from celery import Celery, signals

from common_utils.config import read_secret, settings

TRAIN = "tasks.train"


def broker_url() -> str:
    """The address of redis-queue, with the password from its file."""
    now = settings()
    password = read_secret("CELERY_BROKER_PASSWORD_FILE", now.celery_broker_password_file) or ""
    return f"redis://:{quote(password, safe='')}@{now.celery_broker_host}:{now.celery_broker_port}/0"


app = Celery("tasks")
app.conf.update(
    broker_url=broker_url(),
    broker_connection_retry_on_startup=True,
    broker_transport_options={"socket_connect_timeout": 3},
    task_ignore_result=True,
    task_acks_late=True,
    task_default_queue="celery",
    worker_prefetch_multiplier=1,
    worker_enable_remote_control=True,
    timezone="UTC",
    beat_schedule={
        # A run that could not start before the next is due is dropped, not queued.
        "train": {
            "task": TRAIN,
            "schedule": settings().training_interval_seconds,
            "options": {"expires": settings().training_interval_seconds},
        }
    },
)


@app.task(name=TRAIN, bind=True, max_retries=3, default_retry_delay=15)
def train(self: Any, learning_rate: float | None = None, ewc_lambda: float | None = None) -> None:
    """Train the production model once; the arguments replace LEARNING_RATE and EWC_LAMBDA for this run."""
    from services.training import NotEnoughRows, run

    try:
        run(settings(), learning_rate=learning_rate, ewc_lambda=ewc_lambda)
    except NotEnoughRows as error:
        raise self.retry(exc=error) from error


@signals.setup_logging.connect
def configure_logs(**_: Any) -> None:
    """Celery leaves logging alone when somebody handles this."""
    from common_utils import logs

    logs.configure(settings().service_name, settings().log_level)


@signals.worker_init.connect
def serve_metrics(**_: Any) -> None:
    from services.training_metrics import serve

    serve(app)


@signals.worker_ready.connect
def train_at_start(**_: Any) -> None:
    train.apply_async(expires=settings().training_interval_seconds)
