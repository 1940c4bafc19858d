"""How the last run of each job went, kept in the sidecar's scratch folder for its metrics."""

import json
from pathlib import Path

from pydantic import BaseModel

from backup.paths import Paths


class State(BaseModel):
    """Of one job. Times are Unix seconds; None is never."""

    last_success: float | None = None
    first_success: float | None = None
    seconds: float | None = None
    """Duration of the last success."""
    bytes: int | None = None
    """Size of the last success."""
    last_run_failed: bool = False
    failures: int = 0


def read(paths: Paths, name: str) -> State:
    try:
        return State.model_validate_json(_file(paths, name).read_bytes())
    except (OSError, ValueError):
        return State()


def write(paths: Paths, name: str, state: State) -> None:
    """Replace the state at once, so that a reader never sees half of it."""
    file = _file(paths, name)
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(state.model_dump()))
    unfinished.replace(file)


def succeeded(paths: Paths, name: str, at: float, seconds: float, size: int) -> None:
    last = read(paths, name)
    fields = {"last_success": at, "first_success": last.first_success or at, "seconds": seconds, "bytes": size, "last_run_failed": False}
    write(paths, name, last.model_copy(update=fields))


def failed(paths: Paths, name: str) -> None:
    last = read(paths, name)
    write(paths, name, last.model_copy(update={"last_run_failed": True, "failures": last.failures + 1}))


def _file(paths: Paths, name: str) -> Path:
    return paths.scratch / "state" / f"{name}.json"
