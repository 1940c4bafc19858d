"""The parts around the roles: dispatch, HTTP, messages."""

import json
import logging

import pytest
from fastapi.testclient import TestClient

import workload
from common_utils.circuit_breaker import CircuitBreakerError
from common_utils.health import Check
from common_utils.http import create_app
from common_utils.logs import JsonFormatter
from services.forensics_consumer import COLUMNS, INSERT
from trading.decision import Decision
from trading.events import Evidence


def test_an_unknown_role_lists_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert workload.main(["data-servce"]) == 2
    said = capsys.readouterr().err
    assert "'data-servce': unknown role" in said
    assert all(role in said for role in (*workload.SERVICES, *workload.COMMANDS, *workload.JOBS))


class Part:
    def __init__(self, log: list[str]) -> None:
        self._log = log

    def start(self) -> None:
        self._log.append("start")

    def stop(self) -> None:
        self._log.append("stop")


def test_background_work_runs_as_long_as_the_application() -> None:
    log: list[str] = []
    with TestClient(create_app("service", [], [Part(log)])):
        assert log == ["start"]
    assert log == ["start", "stop"]


def test_a_lost_dependency_is_503_on_health_but_the_process_is_live() -> None:
    def gone() -> None:
        raise ConnectionError("gone")

    client = TestClient(create_app("service", [Check("db", gone)], []))
    assert client.get("/health").status_code == 503
    assert client.get("/live").status_code == 200


def test_requests_are_counted_by_route_and_status() -> None:
    app = create_app("service", [], [])

    @app.get("/things/{name}")
    def thing(name: str) -> str:
        raise CircuitBreakerError("circuit breaker redis is open")

    client = TestClient(app)
    assert client.get("/things/one").json()["error"] == "CircuitBreakerError"
    client.get("/nowhere")
    exposed = client.get("/metrics").text
    assert 'http_requests_total{method="GET",path="/things/{name}",status="503"} 1.0' in exposed
    assert 'http_requests_total{method="GET",path="unmatched",status="404"} 1.0' in exposed


def test_logs_are_one_json_object_with_what_was_passed_along() -> None:
    record = logging.makeLogRecord({"name": "module", "levelname": "ERROR", "msg": "failed: %s", "args": ("x",), "run_id": "r"})
    line = json.loads(JsonFormatter("service").format(record))
    assert line.pop("timestamp")
    assert line == {"level": "error", "service": "service", "logger": "module", "message": "failed: x", "run_id": "r"}


def test_a_decision_survives_both_topics_and_fills_every_column() -> None:
    made = Decision(
        symbol="BTC-USD",
        action="buy",
        quantity=1,
        price=2,
        confidence=0.5,
        regime="bull",
        strategy="s",
        model_version="3",
        risk_approved=True,
    )
    evidence = Evidence(decision=made, features=None, degraded=["kafka"], decision_seconds=0.1)
    assert Decision.model_validate_json(made.model_dump_json()) == made
    assert Evidence.model_validate_json(evidence.model_dump_json()).decision == made
    assert list(COLUMNS) == list(made.model_dump())
    assert INSERT.count("%s") == len(COLUMNS) == 11
