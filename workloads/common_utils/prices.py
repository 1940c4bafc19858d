"""Prices as TimescaleDB keeps them: rows of `metrics` under the experiment `market_data`."""

from collections.abc import Iterable
from datetime import datetime

from common_utils.database import Database

EXPERIMENT = "market_data"


def store(database: Database, prices: Iterable[tuple[datetime, str, float]]) -> None:
    """Insert (time, symbol, price) rows."""
    database.execute(
        "INSERT INTO metrics (timestamp, experiment_id, metric_name, value) VALUES (%s, %s, %s, %s)",
        [(at, EXPERIMENT, f"price:{symbol}", price) for at, symbol, price in prices],
    )


def recent(database: Database, symbol: str, minutes: int) -> list[tuple[datetime, float]]:
    """(time, price) of the last `minutes`, oldest first."""
    return database.query(
        "SELECT timestamp, value FROM metrics WHERE experiment_id = %s AND metric_name = %s"
        " AND timestamp > now() - make_interval(mins => %s) ORDER BY timestamp",
        (EXPERIMENT, f"price:{symbol}", minutes),
    )
