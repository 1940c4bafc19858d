"""The metrics that every HTTP role has. `service` is added by the scrape, not here."""

import time

from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# A second series for each counter, which nothing here asks for.
disable_created_metrics()

HTTP_REQUESTS = Counter("http_requests_total", "Requests answered.", ["method", "path", "status"])
HTTP_DURATION = Histogram("http_request_duration_seconds", "Time to answer a request.", ["method", "path"])
CACHE_HITS = Counter("cache_hits_total", "Reads that the cache answered.", ["cache"])
CACHE_MISSES = Counter("cache_misses_total", "Reads that the cache could not answer.", ["cache"])
KAFKA_PRODUCED = Counter("kafka_messages_produced_total", "Messages that the brokers acknowledged.", ["topic"])
KAFKA_PRODUCE_ERRORS = Counter("kafka_produce_errors_total", "Messages that were not acknowledged.", ["topic"])
KAFKA_CONSUMED = Counter("kafka_messages_consumed_total", "Messages handled and committed.", ["topic"])
KAFKA_INVALID = Counter("kafka_messages_invalid_total", "Messages skipped because they could not be read.", ["topic"])
DATA_FRESHNESS = Gauge("data_freshness_seconds", "Age of the newest data that the role has handled.", ["source"])
HEALTH = Gauge("health_check_status", "Outcome of the last check of a dependency: 1 passed, 0 failed.", ["check"])
MODEL_INFO = Gauge("model_info", "1 for the registered model version that is loaded.", ["name", "version", "run_id"])


class HttpMetrics:
    """ASGI middleware that counts and times requests by route template, so that a path parameter makes no new series."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500
        started = time.perf_counter()

        async def remember_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, remember_status)
        finally:
            path = getattr(scope.get("route"), "path", "unmatched")
            HTTP_DURATION.labels(scope["method"], path).observe(time.perf_counter() - started)
            HTTP_REQUESTS.labels(scope["method"], path, status).inc()
