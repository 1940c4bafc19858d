"""The command `workload`: one image, one role or job per container."""

import importlib
import os
import sys

SERVICES = {
    "data-service": 8000,
    "regime-detection": 8001,
    "meta-controller": 8002,
    "risk-manager": 8003,
    "inference-service": 8080,
    "forensics-consumer": 8090,
}
"""Roles that serve HTTP, and the port of each unless PORT says otherwise."""

COMMANDS = {
    "training-orchestrator": [
        *("celery", "--quiet", "-A", "tasks", "worker", "--pool", "threads", "--concurrency", "1"),
        *("--beat", "--schedule", "/tmp/celerybeat-schedule", "--without-gossip", "--without-mingle"),
    ],
    "scheduler": ["supercronic", "-json", "-prometheus-listen-address", "0.0.0.0:9746", "/etc/ultrathink/crontab"],
}
"""Roles that another program plays."""

JOBS = (
    "kafka-topics",
    "object-store-buckets",
    "checkpoint-cleanup",
    "health-report",
    "vacuum-analyze",
    "disk-usage-trend",
    "error-summary",
    "dashboards-refresh",
)
"""Programs that run to an end; the exit code tells whether they did what they are for."""


def main(arguments: list[str]) -> int:
    role, *rest = arguments or [""]
    # A stopped container has no address: ask for it once and briefly, or every call to it waits for the resolver.
    os.environ.setdefault("RES_OPTIONS", "timeout:1 attempts:1")
    os.environ.setdefault("SERVICE_NAME", role)
    if role in COMMANDS:
        # Celery finds `tasks` in the working folder, but not what tasks import later.
        os.environ["PYTHONPATH"] = os.path.dirname(os.path.abspath(__file__))
        os.execvp(COMMANDS[role][0], COMMANDS[role] + rest)
    if role in SERVICES:
        os.environ.setdefault("PORT", str(SERVICES[role]))
    elif role not in JOBS:
        known = ", ".join([*SERVICES, *COMMANDS, *JOBS])
        print(f"workload {role!r}: unknown role; known roles and jobs: {known}", file=sys.stderr)
        return 2
    return _run(role, rest)


def _run(role: str, arguments: list[str]) -> int:
    from common_utils import logs
    from common_utils.config import ConfigError, settings

    module = role.replace("-", "_")
    try:
        logs.configure(settings().service_name, settings().log_level)
        if role in JOBS:
            return importlib.import_module(f"jobs.{module}").main(arguments)
        from common_utils.http import serve

        serve(importlib.import_module(f"services.{module}").build(settings()), settings())
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
