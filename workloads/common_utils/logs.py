"""Structured logs: one JSON object a line on standard output."""

import json
import logging
import sys
from datetime import UTC, datetime

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
# What uvicorn and Celery attach to their records says again what the message says.
_REPEATED = {"color_message", "data"}


class JsonFormatter(logging.Formatter):
    """Renders a record and whatever was passed as `extra`."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "service": self._service,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {key: value for key, value in vars(record).items() if key not in _STANDARD | _REPEATED}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def configure(service: str, level: str) -> None:
    """Send every log of this process to standard output."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter(service))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # A line for each outgoing request, or for each probe, would drown the rest.
    for chatty in ("httpx", "httpcore", "uvicorn.access", "botocore"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # The pool logs each failed attempt to connect; the health check and the breaker already say it once.
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
