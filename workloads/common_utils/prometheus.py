"""Questions to Prometheus and Loki, whose query APIs answer alike."""

from typing import Any

import httpx


def instant(base_url: str, path: str, query: str) -> list[tuple[dict[str, str], float]]:
    """(labels, value) of every series that the instant `query` returns; raises httpx.HTTPError."""
    response = httpx.get(f"{base_url}{path}", params={"query": query}, timeout=30).raise_for_status()
    result: list[dict[str, Any]] = response.json()["data"]["result"]
    return [(series["metric"], float(series["value"][1])) for series in result]


PROMETHEUS = "/api/v1/query"
LOKI = "/loki/api/v1/query"
