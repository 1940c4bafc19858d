"""Whether the programs here can read what newer or older ones wrote."""

from pathlib import Path

from backup import programs
from backup.errors import Refused
from backup.manifest import Manifest, key_of


def _number(version: str, parts: int) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:parts])


def check_postgresql(made: Manifest, *, physical: bool) -> None:
    """Raises Refused when the server here is not of the backup's major version, or lacks its version of TimescaleDB.

    A dump may come from an older server.
    """
    file = key_of(made.job, made.id)
    theirs = made.versions.get("postgresql", "")
    ours = programs.run(["postgres", "--version"]).split()[2]
    if _number(theirs, 1) > _number(ours, 1):
        raise Refused(file, f"was made on PostgreSQL {theirs}; this is the older {ours}")
    if physical and _number(theirs, 1) != _number(ours, 1):
        raise Refused(file, f"was made on PostgreSQL {theirs}; a physical backup cannot be restored to {ours}")
    timescaledb = made.versions.get("timescaledb")
    libraries = Path(programs.run(["pg_config", "--pkglibdir"]).strip())
    if timescaledb and not (libraries / f"timescaledb-{timescaledb}.so").exists():
        has = sorted(path.stem.removeprefix("timescaledb-") for path in libraries.glob("timescaledb-[0-9]*.so"))
        raise Refused(file, f"was made with TimescaleDB {timescaledb}; here there is {', '.join(has) or 'none'}")


def check_redis(made: Manifest, ours: str) -> None:
    """Raises Refused when the Redis here is older than the backup's by more than a patch."""
    theirs = made.versions.get("redis", "")
    if _number(theirs, 2) > _number(ours, 2):
        raise Refused(key_of(made.job, made.id), f"was made by Redis {theirs}; this is the older {ours}")
