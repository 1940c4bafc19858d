"""Regime detection: market_data in, regime_events out; the latest regime is cached in Redis."""

import logging
from collections import defaultdict, deque
from datetime import UTC, datetime

from fastapi import FastAPI, HTTPException
from prometheus_client import Counter

from common_utils import prices
from common_utils.cache import Cache
from common_utils.circuit_breaker import CircuitBreakerError, get_circuit_breaker
from common_utils.config import Settings
from common_utils.database import Database
from common_utils.http import create_app
from common_utils.kafka import EventConsumer, EventProducer
from common_utils.metrics import DATA_FRESHNESS
from trading.events import Price, RegimeEvent
from trading.market import SYMBOLS, WINDOW, features
from trading.regime import UNKNOWN, classify

log = logging.getLogger(__name__)

REGIME_TTL = 30
CHANGES = Counter("regime_changes_total", "Changes into a regime.", ["symbol", "regime"])


class RegimeDetector:
    """Follows the prices of every symbol."""

    def __init__(self, settings: Settings) -> None:
        self._cache = Cache(settings)
        self._database = Database(settings)
        self._producer = EventProducer(settings)
        self._breakers = {name: get_circuit_breaker(name) for name in ("redis", "timescaledb", "kafka")}
        consumer = EventConsumer(settings, "regime-detection", {"market_data": Price}, self.observe, replay=False)
        self._windows: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=WINDOW + 1))
        self._regimes: dict[str, str] = {}
        self._newest: datetime | None = None
        self.background = [self._database, consumer]
        self.checks = [self._cache.check(), self._database.check(), self._producer.check(hard=False)]
        DATA_FRESHNESS.labels("market_data").set_function(self._age)

    def observe(self, batch: list[Price]) -> None:
        """Take prices in, tell the regime of each symbol among them."""
        for event in batch:
            self._windows[event.symbol].append(event.price)
        self._newest = batch[-1].timestamp
        events = []
        for symbol in sorted({event.symbol for event in batch}):
            seen = features(list(self._windows[symbol]))
            if seen is None:
                continue
            regime = classify(seen)
            if regime != self._regimes.get(symbol):
                CHANGES.labels(symbol, regime).inc()
                log.info("regime of %s: %s", symbol, regime)
            self._regimes[symbol] = regime
            events.append(RegimeEvent(symbol=symbol, regime=regime, timestamp=datetime.now(UTC)))
            self._remember(symbol, regime)
        if events:
            self._breakers["kafka"].call(self._producer.publish, "regime_events", events)

    def current(self, symbol: str) -> str:
        """From the cache; else, as when Kafka is gone, from the prices in the database."""
        try:
            cached = self._breakers["redis"].call(self._cache.get, f"regime:{symbol}")
        except Exception as error:
            log.warning("regime of %s read without the cache: %r", symbol, error)
            cached = None
        if cached is not None:
            return cached
        stored = self._breakers["timescaledb"].call(prices.recent, self._database, symbol, 5)
        seen = features([price for _, price in stored])
        regime = classify(seen) if seen else UNKNOWN
        self._remember(symbol, regime)
        return regime

    def _remember(self, symbol: str, regime: str) -> None:
        try:
            self._breakers["redis"].call(self._cache.put, f"regime:{symbol}", regime, REGIME_TTL)
        except CircuitBreakerError:
            pass
        except Exception as error:
            log.error("regime of %s not cached: error %r", symbol, error)

    def _age(self) -> float:
        return (datetime.now(UTC) - self._newest).total_seconds() if self._newest else float("nan")


def build(settings: Settings) -> FastAPI:
    detector = RegimeDetector(settings)
    app = create_app("regime-detection", detector.checks, detector.background)

    @app.get("/regime")
    def regime(symbol: str = SYMBOLS[0]) -> dict[str, str]:
        if symbol not in SYMBOLS:
            raise HTTPException(404, f"unknown symbol {symbol!r}; known: {', '.join(SYMBOLS)}")
        return {"symbol": symbol, "regime": detector.current(symbol)}

    return app
