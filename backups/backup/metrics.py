"""The sidecar's metrics: from the state that runs leave, and, for what is older than that, from the vault."""

import logging
from collections.abc import Iterable

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from backup import catalogue, records, state
from backup.clock import moment_of
from backup.context import Context
from backup.manifest import Manifest
from backup.restore.test import NAME as RESTORE_TEST
from backup.state import State

log = logging.getLogger(__name__)

GAME_DAY = "game-day"


def learn(context: Context) -> None:
    """Bring the state up to the vault: on an empty scratch folder, and for what other containers recorded."""
    for job in context.plan.jobs:
        _learn_job(context, job.name)
    for name in (RESTORE_TEST, GAME_DAY):
        held = records.last_held(context, name)  # type: ignore[arg-type]
        known = state.read(context.paths, name)
        if held and held.timestamp() > (known.last_success or 0):
            state.write(context.paths, name, known.model_copy(update={"last_success": held.timestamp(), "last_run_failed": False}))


def _learn_job(context: Context, name: str) -> None:
    known = state.read(context.paths, name)
    entries = catalogue.entries(context, [context.plan.job(name)])
    if not entries:
        return
    newest = catalogue.newest(context, context.plan.job(name))
    if newest is None:
        return
    update = _of(newest) if newest.finished.timestamp() > (known.last_success or 0) else {}
    first = known.first_success or moment_of(entries[-1].id).timestamp()
    state.write(context.paths, name, known.model_copy(update={**update, "first_success": first}))


def _of(made: Manifest) -> dict[str, float | int]:
    return {"last_success": made.finished.timestamp(), "seconds": (made.finished - made.started).total_seconds(), "bytes": made.bytes}


class Collector:
    """Reads the state anew on every scrape."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def collect(self) -> Iterable[Metric]:
        jobs = {job.name: state.read(self._context.paths, job.name) for job in self._context.plan.jobs}
        yield _gauge("backup_last_success_timestamp_seconds", "End of the last backup that succeeded.", jobs, lambda s: s.last_success)
        yield _gauge("backup_first_success_timestamp_seconds", "End of the first backup that succeeded.", jobs, lambda s: s.first_success)
        yield _gauge("backup_last_duration_seconds", "Duration of the last backup that succeeded.", jobs, lambda s: s.seconds)
        yield _gauge("backup_last_size_bytes", "Size in the vault of the last backup that succeeded.", jobs, lambda s: s.bytes)
        yield _gauge("backup_last_run_failed", "1 when the last run failed, else 0.", jobs, lambda s: int(s.last_run_failed))
        failures = CounterMetricFamily("backup_failures_total", "Runs that failed.", labels=["backup"])
        for name, known in jobs.items():
            failures.add_metric([name], known.failures)
        yield failures
        ages = GaugeMetricFamily("backup_max_age_seconds", "Age from which on the newest backup is too old.", labels=["backup"])
        for job in self._context.plan.jobs:
            ages.add_metric([job.name], job.max_age_seconds)
        yield ages
        test, game_day = state.read(self._context.paths, RESTORE_TEST), state.read(self._context.paths, GAME_DAY)
        yield _single("restore_test_last_run_failed", "1 when the last restore test did not hold, else 0.", int(test.last_run_failed))
        yield _single("restore_test_last_success_timestamp_seconds", "End of the last restore test that held.", test.last_success)
        yield _single("game_day_last_success_timestamp_seconds", "End of the last game-day that held.", game_day.last_success)


def _gauge(name: str, documentation: str, jobs: dict[str, State], value) -> Metric:  # type: ignore[no-untyped-def]
    gauge = GaugeMetricFamily(name, documentation, labels=["backup"])
    for job, known in jobs.items():
        if value(known) is not None:
            gauge.add_metric([job], value(known))
    return gauge


def _single(name: str, documentation: str, value: float | None) -> Metric:
    """A gauge without labels; without a value it has no series."""
    gauge = GaugeMetricFamily(name, documentation)
    if value is not None:
        gauge.add_metric([], value)
    return gauge
