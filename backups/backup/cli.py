"""The command `backup`. Results are JSON lines on standard output, logs JSON lines on standard error.

Exit codes: 0 done, 1 failed, 2 wrong arguments or settings, 3 refused because a backup is damaged, incomplete, foreign or newer.
"""

import argparse
import json
import logging
import signal
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from backup import clock, context, logs
from backup.errors import ConfigError, Failed, Refused
from backup.paths import Paths

log = logging.getLogger("backup")

DONE, FAILED, USAGE, REFUSED = 0, 1, 2, 3


def main(arguments: list[str], paths: Paths | None = None) -> int:
    """Run one command; its exit code."""
    options = _parser().parse_args(arguments)
    logs.configure()
    # A stopped container ends what it started, as after an interrupt.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(FAILED))
    try:
        return _COMMANDS[options.command](paths or Paths(), options)
    except ConfigError as error:
        log.error("%s", error)
        return USAGE
    except Refused as refused:
        log.error("refused: %s", refused, extra={"file": refused.file, "why": refused.why})
        _print({"refused": {"file": refused.file, "why": refused.why}})
        return REFUSED
    except Failed as error:
        log.error("%s", error)
        return FAILED
    except Exception:
        log.exception("unexpected")
        return FAILED


def _print(line: dict[str, Any]) -> None:
    print(json.dumps(line), flush=True)


def _serve(paths: Paths, options: argparse.Namespace) -> int:
    from backup import serve

    return serve.serve(context.load(paths))


def _run(paths: Paths, options: argparse.Namespace) -> int:
    from backup import run

    loaded = context.load(paths)
    if options.all == bool(options.jobs):
        raise ConfigError("run: name jobs, or give --all")
    jobs = loaded.plan.jobs if options.all else [loaded.plan.job(name) for name in dict.fromkeys(options.jobs)]
    return DONE if run.run(loaded, jobs, _print) else FAILED


def _list(paths: Paths, options: argparse.Namespace) -> int:
    from backup import catalogue

    loaded = context.load(paths)
    jobs = [loaded.plan.job(options.job)] if options.job else loaded.plan.jobs
    for entry, made in catalogue.read_all(loaded, catalogue.entries(loaded, jobs)):
        line: dict[str, Any] = {"job": entry.job.name, "id": entry.id, "kind": entry.job.kind}
        if isinstance(made, Refused):
            _print(line | {"refused": {"file": made.file, "why": made.why}})
            continue
        label = {"label": made.details["label"]} if "label" in made.details else {}
        _print(line | {"finished": clock.iso(made.finished), "bytes": made.bytes, **label})
    return DONE


def _verify(paths: Paths, options: argparse.Namespace) -> int:
    from backup import verify

    loaded = context.load(paths)
    _print(verify.verify(loaded, loaded.plan.job(options.job), options.id))
    return DONE


def _restore_database(paths: Paths, options: argparse.Namespace) -> int:
    from backup.restore import database

    _print(database.restore(context.load(paths), options.pgdata, options.to, options.id))
    return DONE


def _restore_redis(paths: Paths, options: argparse.Namespace) -> int:
    from backup.restore import redis

    _print(redis.restore(context.load(paths), options.dir, options.id))
    return DONE


def _restore_artifacts(paths: Paths, options: argparse.Namespace) -> int:
    from backup.restore import artifacts

    loaded = context.load(paths)
    _print(artifacts.restore(loaded, options.endpoint, options.ca, options.credentials, options.bucket, options.id))
    return DONE


def _restore_dump(paths: Paths, options: argparse.Namespace) -> int:
    from backup.restore import dump

    _print(dump.restore(context.load(paths), options.database, options.source, options.id))
    return DONE


def _restore_test(paths: Paths, options: argparse.Namespace) -> int:
    from backup.restore import test

    return DONE if test.test(context.load(paths), _print) else FAILED


def _expire(paths: Paths, options: argparse.Namespace) -> int:
    from backup import expire

    for line in expire.expire(context.load(paths), clock.now()):
        _print(line)
    return DONE


def _record(paths: Paths, options: argparse.Namespace) -> int:
    from backup import records

    report, whole = records.load(options.file)
    _print({"record": records.store(context.load(paths), options.kind, report, whole)})
    return DONE


def _buckets(paths: Paths, options: argparse.Namespace) -> int:
    from backup import buckets

    for line in buckets.run(paths, options.file):
        _print(line)
    return DONE


_COMMANDS = {
    "serve": _serve,
    "run": _run,
    "list": _list,
    "verify": _verify,
    "restore-database": _restore_database,
    "restore-redis": _restore_redis,
    "restore-artifacts": _restore_artifacts,
    "restore-dump": _restore_dump,
    "restore-test": _restore_test,
    "expire": _expire,
    "record": _record,
    "buckets": _buckets,
}


def _time(text: str) -> datetime:
    try:
        return clock.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r}: must be a time with its zone, like 2026-11-24T10:00:00Z ({error})") from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("backup", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    commands.add_parser("serve", help="the sidecar: first backups, schedule, metrics")

    run = commands.add_parser("run", help="make backups now")
    run.add_argument("jobs", nargs="*", metavar="JOB")
    run.add_argument("--all", action="store_true", help="every job of the plan")

    listing = commands.add_parser("list", help="what the vault holds, newest first")
    listing.add_argument("job", nargs="?", metavar="JOB")

    verify = commands.add_parser("verify", help="read all of a backup against its manifest")
    verify.add_argument("job", metavar="JOB")

    database = commands.add_parser("restore-database", help="physical restore beside the live data, verified")
    database.add_argument("--pgdata", type=Path, required=True, metavar="DIR", help="empty folder that becomes the data folder")
    database.add_argument("--to", type=_time, metavar="TIME", help="like 2026-11-24T10:00:00Z (default: the end of the archive)")

    redis = commands.add_parser("restore-redis", help="Redis snapshot as append-only file, verified")
    redis.add_argument("--dir", type=Path, required=True, metavar="DIR", help="empty folder that then holds appendonlydir")

    artifacts = commands.add_parser("restore-artifacts", help="objects into an object store, verified")
    artifacts.add_argument("--endpoint", required=True, metavar="URL")
    artifacts.add_argument("--ca", type=Path, required=True, metavar="FILE", help="the object store's certificate authority")
    artifacts.add_argument("--credentials", type=Path, required=True, metavar="FILE", help="shared credentials file, profile default")
    artifacts.add_argument("--bucket", metavar="NAME", help="(default: the bucket that was backed up)")

    dump = commands.add_parser("restore-dump", help="dump into a new database of the live server, verified")
    dump.add_argument("--database", required=True, metavar="NAME", help="the new database")
    dump.add_argument("--source", metavar="NAME", help="database that was dumped (default: the stack's own)")

    for command in (verify, database, redis, artifacts, dump):
        command.add_argument("--id", metavar="ID", help="that backup and no other (default: the newest that is whole)")

    commands.add_parser("restore-test", help="restore everything into scratch, compare, and record what came of it")
    commands.add_parser("expire", help="delete what is past its retention")

    record = commands.add_parser("record", help="store a report in the vault")
    record.add_argument("kind", choices=["game-day", "restore-test"])
    record.add_argument("--file", type=Path, required=True, metavar="FILE", help="JSON object with finished (a time) and held")

    buckets = commands.add_parser("buckets", help="bring the vault's buckets to what a file declares")
    buckets.add_argument("--file", type=Path, required=True, metavar="FILE")
    return parser
