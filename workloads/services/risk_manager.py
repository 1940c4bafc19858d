"""Risk manager: whether an order may be placed, by limits in Redis and the exposure in TimescaleDB."""

import logging

from fastapi import FastAPI
from prometheus_client import Counter, Gauge

from common_utils.cache import Cache
from common_utils.circuit_breaker import get_circuit_breaker
from common_utils.config import Settings
from common_utils.database import Database
from common_utils.http import create_app
from trading.decision import Limits, Order, Verdict, check_risk

log = logging.getLogger(__name__)

LIMITS_KEY = "risk:limits"
CHECKS = Counter("risk_checks_total", "Orders checked.", ["approved"])
EXPOSURE = Gauge("risk_exposure_usd", "Signed value of what was approved in the last hour.", ["symbol"])

EXPOSURE_SQL = """
SELECT coalesce(sum(CASE action WHEN 'buy' THEN quantity * price WHEN 'sell' THEN -quantity * price ELSE 0 END), 0)
FROM trading_decisions WHERE symbol = %s AND risk_approved AND timestamp > now() - interval '1 hour'
"""


class RiskManager:
    def __init__(self, settings: Settings) -> None:
        self._cache = Cache(settings)
        self._database = Database(settings)
        self._redis = get_circuit_breaker("redis")
        self._timescaledb = get_circuit_breaker("timescaledb")
        self.background = [self._database]
        self.checks = [self._cache.check(), self._database.check()]

    def check(self, order: Order) -> Verdict:
        """Without a known exposure this raises: an order that cannot be judged is not approved."""
        exposure = float(self._timescaledb.call(self._database.query, EXPOSURE_SQL, (order.symbol,))[0][0])
        verdict = check_risk(order, exposure, self._limits())
        EXPOSURE.labels(order.symbol).set(verdict.exposure_usd)
        CHECKS.labels(str(verdict.approved).lower()).inc()
        return verdict

    def _limits(self) -> Limits:
        """As set in Redis; a cache may forget them, then the defaults hold and are put back."""
        try:
            stored = self._redis.call(self._cache.client.hgetall, LIMITS_KEY)
            if stored:
                return Limits.model_validate(stored)
            self._redis.call(self._cache.client.hset, LIMITS_KEY, mapping=Limits().model_dump())
        except Exception as error:
            log.warning("risk limits read without Redis: %r", error)
        return Limits()


def build(settings: Settings) -> FastAPI:
    manager = RiskManager(settings)
    app = create_app("risk-manager", manager.checks, manager.background)

    @app.post("/risk/check")
    def check(order: Order) -> Verdict:
        return manager.check(order)

    return app
