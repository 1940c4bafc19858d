"""Delete the checkpoints of old training runs; the best of each experiment and those behind production versions stay."""

import argparse
import logging
import os
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from pydantic import AwareDatetime, BaseModel

from common_utils.config import settings
from trading.model import ALIAS

log = logging.getLogger(__name__)

MAX_AGE = timedelta(days=30)
KEEP_BEST = 10
CHECKPOINTS = "checkpoints"


class Run(BaseModel):
    """What decides over the checkpoints of a training run."""

    run_id: str
    experiment_id: str
    started: AwareDatetime
    validation_loss: float | None = None
    production: bool = False


def expired(runs: list[Run], now: datetime) -> list[Run]:
    """Runs whose checkpoints may go. Runs without a validation loss are never among the best."""
    result = []
    for _, group in groupby(sorted(runs, key=lambda run: run.experiment_id), key=lambda run: run.experiment_id):
        members = list(group)
        measured = [run for run in members if run.validation_loss is not None]
        best = {run.run_id for run in sorted(measured, key=lambda run: run.validation_loss or 0.0)[:KEEP_BEST]}
        result += [run for run in members if now - run.started > MAX_AGE and run.run_id not in best and not run.production]
    return result


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("workload checkpoint-cleanup", description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="say what would go and delete nothing")
    dry_run = parser.parse_args(arguments).dry_run

    os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "WARNING")
    from mlflow import MlflowClient
    from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

    # The artifact repository resolves mlflow-artifacts: through this variable alone.
    os.environ["MLFLOW_TRACKING_URI"] = settings().mlflow_tracking_uri
    client = MlflowClient(settings().mlflow_tracking_uri)
    runs = _runs(client)
    going = expired(runs, datetime.now(UTC))
    failed = 0
    for run in going:
        if not client.list_artifacts(run.run_id, CHECKPOINTS):
            continue
        log.info("%s checkpoints of run %s from %s", "would delete" if dry_run else "deleting", run.run_id, run.started.date())
        if dry_run:
            continue
        try:
            get_artifact_repository(client.get_run(run.run_id).info.artifact_uri).delete_artifacts(CHECKPOINTS)
        except Exception as error:  # one run must not keep the others
            failed += 1
            log.error("checkpoints of run %s: error %r", run.run_id, error)
    log.info("%d runs, %d beyond retention, %d failed", len(runs), len(going), failed)
    return 1 if failed else 0


def _runs(client: Any) -> list[Run]:
    """Every run of every experiment. A run is production when a version of it holds the alias or the stage, or it is tagged so."""
    production = set()
    for model in client.search_registered_models():
        aliased = model.aliases.get(ALIAS)
        if aliased:
            production.add(client.get_model_version(model.name, aliased).run_id)
        production |= {version.run_id for version in model.latest_versions if version.current_stage == "Production"}
    runs = []
    for experiment in client.search_experiments():
        page = None
        while True:
            found = client.search_runs([experiment.experiment_id], max_results=1000, page_token=page)
            runs += [
                Run(
                    run_id=run.info.run_id,
                    experiment_id=experiment.experiment_id,
                    started=datetime.fromtimestamp(run.info.start_time / 1000, UTC),
                    validation_loss=run.data.metrics.get("validation_loss"),
                    production=run.info.run_id in production or run.data.tags.get(ALIAS) == "true",
                )
                for run in found
            ]
            page = found.token
            if not page:
                break
    return runs
