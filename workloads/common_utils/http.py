"""HTTP in both directions: the application that every role serves, and the clients of other roles."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Protocol

import httpx
import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from common_utils.circuit_breaker import CircuitBreakerError, get_circuit_breaker
from common_utils.config import Settings
from common_utils.health import Check, CheckFailed, Details, HealthMonitor
from common_utils.metrics import HttpMetrics


class Background(Protocol):
    """Something that runs beside the requests."""

    def start(self) -> None: ...
    def stop(self) -> None: ...


def create_app(service: str, checks: list[Check], background: list[Background]) -> FastAPI:
    """An application with /health, /live and /metrics; `background` runs as long as it does."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        for part in background:
            part.start()
        yield
        for part in reversed(background):
            part.stop()

    app = FastAPI(title=service, lifespan=lifespan, docs_url=None, redoc_url=None)
    app.add_middleware(HttpMetrics)
    monitor = HealthMonitor(service, checks)

    @app.exception_handler(CircuitBreakerError)
    def refused(_: Request, error: CircuitBreakerError) -> JSONResponse:
        return JSONResponse({"error": "CircuitBreakerError", "detail": str(error)}, 503)

    @app.get("/health")
    def health() -> JSONResponse:
        status, body = monitor.report()
        return JSONResponse(body, status)

    @app.get("/live")
    async def live() -> dict[str, str]:
        """The process answers; asked by other roles, so that one lost database does not turn every role unhealthy."""
        return {"status": "alive"}

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return app


def serve(app: FastAPI, settings: Settings) -> None:
    """Serve until SIGTERM, then finish the requests under way."""
    uvicorn.run(app, host="0.0.0.0", port=settings.port, log_config=None, access_log=False, timeout_graceful_shutdown=5)


class Upstream:
    """Another service, reached through the circuit breaker `name`."""

    def __init__(self, name: str, url: str) -> None:
        self.name = name
        self._breaker = get_circuit_breaker(name)
        self._client = httpx.Client(base_url=url, timeout=httpx.Timeout(3, connect=1))

    def get(self, path: str, **params: str) -> Any:
        """The JSON at `path`; any other outcome than success counts as a failure of the upstream."""
        return self._breaker.call_with_retries(self._request, "GET", path, params=params)

    def post(self, path: str, body: Any) -> Any:
        return self._breaker.call_with_retries(self._request, "POST", path, json=body)

    def check(self, path: str = "/live") -> Check:
        """A check that the upstream answers at all."""

        def probe() -> Details:
            response = self._client.get(path)
            if response.is_server_error:
                raise CheckFailed(f"{path} answered {response.status_code}")
            return {}

        return Check(self.name, probe)

    def _request(self, method: str, path: str, **kwargs: Any) -> Any:
        return self._client.request(method, path, **kwargs).raise_for_status().json()
