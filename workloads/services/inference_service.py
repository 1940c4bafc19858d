"""Inference: features, regime, strategy and risk come together in a decision, which goes to Kafka.

Every upstream stands behind a circuit breaker. Without one of them a decision is still made, more careful, and says so.
"""

import itertools
import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, TypeVar

from fastapi import FastAPI, HTTPException
from prometheus_client import Counter, Histogram
from pydantic import BaseModel, Field

from common_utils.circuit_breaker import get_circuit_breaker
from common_utils.config import Settings
from common_utils.gpu import gpu_available
from common_utils.http import Upstream, create_app
from common_utils.kafka import EventProducer
from common_utils.loop import Loop
from common_utils.registry import ModelRegistry
from trading.decision import Decision, Order, order
from trading.events import Evidence
from trading.market import SYMBOLS
from trading.model import ALIAS, NAME
from trading.regime import UNKNOWN
from trading.strategy import CONSERVATIVE, Strategy

log = logging.getLogger(__name__)

T = TypeVar("T")

DECISIONS = Counter("decisions_total", "Decisions made.", ["action", "risk_approved"])
DEGRADED = Counter("decisions_degraded_total", "Decisions made without an upstream.", ["upstream"])
DURATION = Histogram("decision_duration_seconds", "Time to make and publish a decision.")

UNTRAINED = "untrained"
MOST_UNSENT = 1000
"""Decisions kept for a Kafka that does not answer; beyond that the oldest are lost."""
FEATURES_HOLD = timedelta(seconds=30)
"""How long the last features are good for."""


class Outcome(BaseModel):
    """A decision, and the upstreams it had to do without."""

    decision: Decision
    degraded: list[str]


class Inference:
    def __init__(self, settings: Settings) -> None:
        self._data = Upstream("data_service", settings.data_service_url)
        self._regime = Upstream("regime_detection", settings.regime_detection_url)
        self._strategy = Upstream("meta_controller", settings.meta_controller_url)
        self._risk = Upstream("risk_manager", settings.risk_manager_url)
        self._kafka = get_circuit_breaker("kafka")
        self._producer = EventProducer(settings)
        self._publishing = threading.Lock()
        self._unsent: deque[Evidence] = deque(maxlen=MOST_UNSENT)
        self.registry = ModelRegistry(settings)
        self._last_features: dict[str, tuple[datetime, dict[str, float]]] = {}
        self._pool = ThreadPoolExecutor(settings.batch_size, thread_name_prefix="upstream")
        turns = itertools.cycle(SYMBOLS)
        self.background = [
            self.registry.refreshing,
            Loop("decision", settings.decision_interval_seconds, lambda: self._decide_alone(next(turns))),
        ]
        upstreams = (self._data, self._regime, self._strategy, self._risk)
        self.checks = [upstream.check() for upstream in upstreams]
        self.checks += [self._producer.check(), self.registry.check()]
        log.info("gpu %s", "visible" if gpu_available(settings) else "not visible: working on the CPU")

    def decide(self, symbol: str) -> Outcome:
        """Decide on `symbol` and publish it."""
        degraded: list[str] = []
        started = datetime.now(UTC)
        with DURATION.time():
            loaded = self.registry.current
            if loaded is None:
                degraded.append("mlflow")
            # Features are asked for beside regime and strategy, so that two lost upstreams cost the time of one.
            fetching = self._pool.submit(self._features, symbol, degraded)
            regime = self._or_else(self._regime.name, UNKNOWN, degraded, lambda: self._regime.get("/regime", symbol=symbol)["regime"])
            strategy = self._or_else(self._strategy.name, CONSERVATIVE, degraded, lambda: self._ask_strategy(symbol, regime))
            seen = fetching.result()
            expected = loaded.model.predict(seen) if loaded and seen else None
            asked = order(symbol, expected, seen["price"] if seen else 0.0, strategy)
            decision = Decision(
                **asked.model_dump(),
                regime=regime,
                strategy=strategy.name,
                model_version=loaded.version if loaded else UNTRAINED,
                risk_approved=self._or_else(self._risk.name, False, degraded, lambda: self._approved(asked)),
            )
            self._publish(decision, seen, degraded, started)
        DECISIONS.labels(decision.action, str(decision.risk_approved).lower()).inc()
        for upstream in degraded:
            DEGRADED.labels(upstream).inc()
        return Outcome(decision=decision, degraded=sorted(degraded))

    def decide_all(self, symbols: list[str]) -> list[Outcome]:
        return [self.decide(symbol) for symbol in symbols]

    def _decide_alone(self, symbol: str) -> None:
        outcome = self.decide(symbol)
        decision = outcome.decision
        log.info("decided to %s %s", decision.action, symbol, extra={"id": decision.decision_id, "degraded": outcome.degraded})

    def _features(self, symbol: str, degraded: list[str]) -> dict[str, float] | None:
        """Without data-service the last features known, as long as they are fresh; after that there is nothing to trade on."""

        def ask() -> dict[str, float]:
            seen: dict[str, float] = self._data.get("/features", symbol=symbol)["features"]
            self._last_features[symbol] = (datetime.now(UTC), seen)
            return seen

        at, last = self._last_features.get(symbol, (datetime.min.replace(tzinfo=UTC), None))
        fresh = datetime.now(UTC) - at < FEATURES_HOLD
        return self._or_else(self._data.name, last if fresh else None, degraded, ask)

    def _ask_strategy(self, symbol: str, regime: str) -> Strategy:
        answer = self._strategy.get("/strategy", symbol=symbol, regime=regime)
        return Strategy(name=answer["strategy"], size=answer["size"])

    def _approved(self, asked: Order) -> bool:
        return bool(self._risk.post("/risk/check", asked.model_dump())["approved"])

    def _publish(self, decision: Decision, seen: dict[str, float] | None, degraded: list[str], started: datetime) -> None:
        """To trading_decisions, and with its circumstances to forensics_events. The driver retries by itself."""

        took = (datetime.now(UTC) - started).total_seconds()
        with self._publishing:
            self._unsent.append(Evidence(decision=decision, features=seen, degraded=degraded, decision_seconds=took))
            self._or_else("kafka", None, degraded, lambda: self._kafka.call(self._send))

    def _send(self) -> None:
        """Everything that Kafka has not acknowledged, oldest first; what it gets twice, forensics stores once."""
        pending = list(self._unsent)
        self._producer.publish("trading_decisions", [evidence.decision for evidence in pending])
        self._producer.publish("forensics_events", pending)
        self._unsent.clear()

    @staticmethod
    def _or_else(name: str, fallback: T, degraded: list[str], call: Callable[[], T]) -> T:
        """What `call` returns, or the fallback and a note in `degraded`."""
        try:
            return call()
        except Exception as error:
            log.warning("deciding without %s: error %r", name, error)
            degraded.append(name)
            return fallback


def build(settings: Settings) -> FastAPI:
    inference = Inference(settings)
    app = create_app("inference-service", inference.checks, inference.background)

    class PredictRequest(BaseModel):
        symbols: Annotated[list[str], Field(min_length=1, max_length=settings.batch_size)] = [SYMBOLS[0]]

    @app.post("/predict")
    def predict(request: PredictRequest) -> dict[str, list[Outcome]]:
        unknown = [symbol for symbol in request.symbols if symbol not in SYMBOLS]
        if unknown:
            raise HTTPException(422, f"unknown symbols {unknown}; known: {', '.join(SYMBOLS)}")
        return {"decisions": inference.decide_all(request.symbols)}

    @app.get("/model/info")
    def model_info() -> dict[str, Any]:
        loaded = inference.registry.current
        if loaded is None:
            raise HTTPException(503, f"no version of {NAME} is loaded yet")
        return {
            "name": NAME,
            "version": loaded.version,
            "alias": ALIAS,
            "stage": "Production",
            "run_id": loaded.run_id,
            "loaded_at": loaded.loaded_at,
        }

    return app
