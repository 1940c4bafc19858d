"""Market data: makes prices, keeps them in TimescaleDB, caches their features in Redis, publishes them to Kafka."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from fastapi import FastAPI, HTTPException

from common_utils import prices
from common_utils.cache import Cache
from common_utils.circuit_breaker import CircuitBreakerError, get_circuit_breaker
from common_utils.config import Settings
from common_utils.database import Database
from common_utils.health import Check, CheckFailed, Details
from common_utils.http import create_app
from common_utils.kafka import EventProducer
from common_utils.loop import Loop
from common_utils.metrics import DATA_FRESHNESS
from trading.events import Price
from trading.market import SYMBOLS, WINDOW, RandomWalk, features

log = logging.getLogger(__name__)

HISTORY = timedelta(minutes=30)
"""Past that is made up when the database has none, so that features and training need not wait for it."""
FEATURE_TTL = 60
STALE_SECONDS = 30.0
NULL_RATIO_LIMIT = 0.05


def data_quality(newest: datetime | None, ticks: int, nulls: int, now: datetime) -> Details:
    """Details of the data quality check; raises CheckFailed when the data is stale or full of holes."""
    if newest is None:
        raise CheckFailed("no price yet")
    details = {
        "freshness_seconds": round((now - newest).total_seconds(), 3),
        "null_ratio": round(nulls / max(1, ticks), 4),
        "symbols": len(SYMBOLS),
    }
    if details["freshness_seconds"] > STALE_SECONDS:
        raise CheckFailed(f"newest price is older than {STALE_SECONDS:g} s", **details)
    if details["null_ratio"] > NULL_RATIO_LIMIT:
        raise CheckFailed(f"more than {NULL_RATIO_LIMIT:.0%} of the features are missing", **details)
    return details


class Market:
    """The prices of all symbols, made tick by tick."""

    def __init__(self, settings: Settings) -> None:
        self._tick = timedelta(seconds=settings.tick_interval_seconds)
        self._cache = Cache(settings)
        self._database = Database(settings)
        self._producer = EventProducer(settings)
        self._breakers = {name: get_circuit_breaker(name) for name in ("redis", "timescaledb", "kafka")}
        self._lock = threading.Lock()
        self._walks: dict[str, RandomWalk] = {}
        self._windows: dict[str, deque[float]] = {}
        self._newest: datetime | None = None
        # Of the last few minutes, so that a bad start is forgiven.
        self._missing: deque[bool] = deque(maxlen=300)
        self.background = [self._database, Loop("market tick", settings.tick_interval_seconds, self.tick)]
        self.checks = [
            self._cache.check(),
            self._database.check(),
            Check("data_quality", self._quality),
            self._producer.check(hard=False),
        ]
        DATA_FRESHNESS.labels("market_data").set_function(self._age)

    def tick(self) -> None:
        """Make one price per symbol and hand it on; a store that is gone does not stop the others."""
        if not self._walks:
            self._breakers["timescaledb"].call(self._begin)
        now = datetime.now(UTC)
        with self._lock:
            made = {symbol: walk.step() for symbol, walk in self._walks.items()}
            for symbol, price in made.items():
                self._windows[symbol].append(price)
            seen = {symbol: features(list(window)) for symbol, window in self._windows.items()}
            self._missing.extend(value is None for value in seen.values())
            self._newest = now
        events = [Price(symbol=symbol, price=price, timestamp=now) for symbol, price in made.items()]
        self._guarded("timescaledb", lambda: prices.store(self._database, [(now, s, p) for s, p in made.items()]))
        self._guarded("redis", lambda: self._cache_features(seen))
        self._guarded("kafka", lambda: self._producer.publish("market_data", events))

    def read(self, symbol: str) -> dict[str, float]:
        """Features of `symbol`: from the cache, else from the prices in memory."""
        try:
            cached = self._breakers["redis"].call(self._cache.get, f"features:{symbol}")
        except Exception as error:
            log.warning("features of %s read without the cache: %r", symbol, error)
            cached = None
        if cached is not None:
            return cached
        with self._lock:
            seen = features(list(self._windows.get(symbol, [])))
        if seen is None:
            raise HTTPException(503, f"no features of {symbol} yet")
        self._guarded("redis", lambda: self._cache_features({symbol: seen}))
        return seen

    def _begin(self) -> None:
        """Go on from the stored prices, made up for the past where there are none."""
        for symbol in SYMBOLS:
            history = [price for _, price in prices.recent(self._database, symbol, int(HISTORY.total_seconds() / 60))]
            walk = RandomWalk(f"{symbol}/{len(history)}", symbol, history[-1] if history else None)
            if len(history) <= WINDOW:
                steps = int(HISTORY / self._tick)
                start = datetime.now(UTC) - HISTORY
                history = [walk.step() for _ in range(steps)]
                prices.store(self._database, [(start + i * self._tick, symbol, p) for i, p in enumerate(history)])
                log.info("made up %d past prices of %s", steps, symbol)
            with self._lock:
                self._windows[symbol] = deque(history, maxlen=WINDOW + 1)
                self._walks[symbol] = walk

    def _cache_features(self, seen: dict[str, dict[str, float] | None]) -> None:
        for symbol, value in seen.items():
            if value is not None:
                self._cache.put(f"features:{symbol}", value, FEATURE_TTL)

    def _guarded(self, name: str, action: Callable[[], None]) -> None:
        try:
            self._breakers[name].call(action)
        except CircuitBreakerError:
            pass
        except Exception as error:
            log.error("market data not handed to %s: error %r", name, error)

    def _age(self) -> float:
        return (datetime.now(UTC) - self._newest).total_seconds() if self._newest else float("nan")

    def _quality(self) -> Details:
        with self._lock:
            return data_quality(self._newest, len(self._missing), sum(self._missing), datetime.now(UTC))


def build(settings: Settings) -> FastAPI:
    market = Market(settings)
    app = create_app("data-service", market.checks, market.background)

    @app.get("/features")
    def read_features(symbol: str = SYMBOLS[0]) -> dict[str, object]:
        if symbol not in SYMBOLS:
            raise HTTPException(404, f"unknown symbol {symbol!r}; known: {', '.join(SYMBOLS)}")
        return {"symbol": symbol, "features": market.read(symbol)}

    return app
