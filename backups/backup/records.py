"""Records of game-days and restore tests in the vault, so that it can be told when the last one held."""

import json
import logging
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ValidationError

from backup import clock, manifest
from backup.context import Context
from backup.errors import ConfigError, Refused

log = logging.getLogger(__name__)

Kind = Literal["game-day", "restore-test"]


class Report(BaseModel):
    """What every report says; the rest of it is stored as it is."""

    finished: AwareDatetime
    held: bool


def load(file: Path) -> tuple[Report, Any]:
    try:
        content = file.read_bytes()
        return Report.model_validate_json(content), json.loads(content)
    except OSError as error:
        raise ConfigError(f"--file {str(file)!r}: must be a readable file ({error.strerror})") from None
    except ValidationError as error:
        raise ConfigError(f"--file {str(file)!r}: {error}") from None


def store(context: Context, kind: Kind, report: Report, whole: Any) -> str:
    """Store a report under its kind and end; the key."""
    record_id = clock.id_of(report.finished)
    key = f"records/{kind}/{record_id}.json"
    document = {
        "version": manifest.VERSION,
        "system": context.plan.system,
        "kind": kind,
        "finished": clock.iso(report.finished),
        "held": report.held,
        "report": whole,
    }
    context.vault.put(context.plan.vault.bucket, key, manifest.sign(document, context.manifest_key))
    return key


def last_held(context: Context, kind: Kind) -> datetime | None:
    """End of the newest one that held."""
    for key in reversed(context.vault.keys(context.plan.vault.bucket, f"records/{kind}/")):
        try:
            record = manifest.opened(key, context.vault.get(context.plan.vault.bucket, key), context.manifest_key)
        except Refused as refused:
            log.warning("passed over: %s", refused)
            continue
        if record["system"] == context.plan.system and record["held"]:
            return clock.parse(record["finished"])
    return None
