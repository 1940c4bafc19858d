"""Forensics: writes every decision to TimescaleDB, once, however often Kafka delivers it."""

import logging
from datetime import UTC, datetime

from confluent_kafka.admin import AdminClient
from fastapi import FastAPI
from prometheus_client import Counter, Histogram

from common_utils.config import Settings
from common_utils.database import Database
from common_utils.http import create_app
from common_utils.kafka import EventConsumer, broker_check, client_config
from common_utils.metrics import DATA_FRESHNESS
from trading.decision import Decision
from trading.events import Evidence

log = logging.getLogger(__name__)

STORED = Counter("decisions_stored_total", "Rows added to trading_decisions.")
LATENCY = Histogram("decision_latency_seconds", "From decision to stored row.", buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 300))

COLUMNS = tuple(Decision.model_fields)
INSERT = f"INSERT INTO trading_decisions ({', '.join(COLUMNS)}) VALUES ({', '.join(['%s'] * len(COLUMNS))}) ON CONFLICT DO NOTHING"


class Forensics:
    """Both topics carry the decision, so that one lost topic loses no row."""

    def __init__(self, settings: Settings) -> None:
        self._database = Database(settings)
        consumer = EventConsumer(settings, "forensics-consumer", {"trading_decisions": Decision, "forensics_events": Evidence}, self.store)
        self._newest: datetime | None = None
        self.background = [self._database, consumer]
        self.checks = [broker_check(AdminClient(client_config(settings))), self._database.check()]
        DATA_FRESHNESS.labels("decisions").set_function(self._age)

    def store(self, batch: list[Decision | Evidence]) -> None:
        carried = [event.decision if isinstance(event, Evidence) else event for event in batch]
        decisions = {decision.decision_id: decision for decision in carried}
        rows = [tuple(getattr(decision, column) for column in COLUMNS) for decision in decisions.values()]
        added = self._database.execute(INSERT, rows)
        STORED.inc(added)
        for decision in decisions.values():
            LATENCY.observe((datetime.now(UTC) - decision.timestamp).total_seconds())
            self._newest = decision.timestamp

    def _age(self) -> float:
        return (datetime.now(UTC) - self._newest).total_seconds() if self._newest else float("nan")


def build(settings: Settings) -> FastAPI:
    forensics = Forensics(settings)
    return create_app("forensics-consumer", forensics.checks, forensics.background)
