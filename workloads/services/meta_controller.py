"""Meta-controller: regime_events in, strategy_decisions out, chosen with what the production model is worth."""

import logging
from datetime import UTC, datetime

from fastapi import FastAPI, HTTPException

from common_utils.cache import Cache
from common_utils.circuit_breaker import get_circuit_breaker
from common_utils.config import Settings
from common_utils.gpu import gpu_available
from common_utils.http import create_app
from common_utils.kafka import EventConsumer, EventProducer
from common_utils.metrics import DATA_FRESHNESS
from common_utils.registry import ModelRegistry
from trading.events import RegimeEvent, StrategyDecision
from trading.market import SYMBOLS
from trading.regime import UNKNOWN
from trading.strategy import Strategy, choose

log = logging.getLogger(__name__)

STRATEGY_TTL = 30


class MetaController:
    """Chooses a strategy per symbol."""

    def __init__(self, settings: Settings) -> None:
        self._cache = Cache(settings)
        self._producer = EventProducer(settings)
        self._redis = get_circuit_breaker("redis")
        self._kafka = get_circuit_breaker("kafka")
        self._registry = ModelRegistry(settings)
        consumer = EventConsumer(settings, "meta-controller", {"regime_events": RegimeEvent}, self.observe, replay=False)
        self._newest: datetime | None = None
        self.background = [self._registry.refreshing, consumer]
        self.checks = [self._cache.check(), self._producer.check(), self._registry.check()]
        DATA_FRESHNESS.labels("regime_events").set_function(self._age)
        log.info("gpu %s", "visible" if gpu_available(settings) else "not visible: working on the CPU")

    def observe(self, batch: list[RegimeEvent]) -> None:
        """Choose anew for every symbol in the batch."""
        latest = {event.symbol: event for event in batch}
        chosen = []
        for symbol, event in latest.items():
            strategy = self._choose(event.regime)
            self._redis.call(self._cache.put, f"strategy:{symbol}", strategy.model_dump(), STRATEGY_TTL)
            self._newest = event.timestamp
            chosen.append(
                StrategyDecision(
                    symbol=symbol, regime=event.regime, strategy=strategy.name, size=strategy.size, timestamp=datetime.now(UTC)
                )
            )
        self._kafka.call(self._producer.publish, "strategy_decisions", chosen)

    def current(self, symbol: str, regime: str) -> Strategy:
        """From the cache, else chosen for the regime that the caller knows."""
        try:
            cached = self._redis.call(self._cache.get, f"strategy:{symbol}")
        except Exception as error:
            log.warning("strategy of %s read without the cache: %r", symbol, error)
            cached = None
        return Strategy.model_validate(cached) if cached is not None else self._choose(regime)

    def _choose(self, regime: str) -> Strategy:
        loaded = self._registry.current
        return choose(regime, loaded.model if loaded else None)

    def _age(self) -> float:
        return (datetime.now(UTC) - self._newest).total_seconds() if self._newest else float("nan")


def build(settings: Settings) -> FastAPI:
    controller = MetaController(settings)
    app = create_app("meta-controller", controller.checks, controller.background)

    @app.get("/strategy")
    def strategy(symbol: str = SYMBOLS[0], regime: str = UNKNOWN) -> dict[str, object]:
        if symbol not in SYMBOLS:
            raise HTTPException(404, f"unknown symbol {symbol!r}; known: {', '.join(SYMBOLS)}")
        chosen = controller.current(symbol, regime)
        return {"symbol": symbol, "strategy": chosen.name, "size": chosen.size}

    return app
