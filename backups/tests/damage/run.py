"""Damages the backups of a real vault, one way after the other, and expects each to be refused with the file named and nothing changed.

It runs as root in a container of the backup image on the vault's network, with the files of a container that restores and the vault's
volume, and puts everything back. Standard output has a JSON line for each damage; the exit code is 0 when all held.

    python3 run.py --vault-data /srv/data [--only NAME]
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

sys.path.insert(0, "/app")

from backup import catalogue, context, manifest
from backup.catalogue import Entry
from backup.context import Context
from backup.manifest import Manifest
from backup.paths import Paths

USER = 1000
"""User of the image; PostgreSQL refuses to run as root."""


@dataclass(frozen=True)
class Bench:
    """The vault from both sides, and a folder to restore into."""

    context: Context
    data: Path
    work: Path

    def newest(self, kind: str) -> Manifest:
        for entry in catalogue.entries(self.context, self.context.plan.of_kind(kind)):  # type: ignore[arg-type]
            return catalogue.read(self.context, entry)
        raise SystemExit(f"the vault has no backup of kind {kind}")

    def on_disk(self, bucket: str, key: str) -> Path:
        return self.data / bucket / key

    def manifest_file(self, made: Manifest) -> Path:
        bucket = self.context.plan.bucket_of(self.context.plan.job(made.job))
        return self.on_disk(bucket, manifest.key_of(made.job, made.id))

    def pgbackrest(self, *parts: str) -> Path:
        return self.on_disk(self.context.plan.vault.bucket, "/".join(["pgbackrest", *parts]))


@contextmanager
def kept(file: Path) -> Iterator[None]:
    """Put a file back as it was, with its attributes: the server keeps the object's metadata there."""
    saved = file.with_name(f".{file.name}.kept-by-the-damage-test")
    shutil.copy2(file, saved)
    try:
        yield
    finally:
        os.replace(saved, file)


def flip(file: Path) -> None:
    """One bit in the middle."""
    with file.open("r+b") as stream:
        stream.seek(file.stat().st_size // 2)
        byte = stream.read(1)[0]
        stream.seek(-1, os.SEEK_CUR)
        stream.write(bytes([byte ^ 0x10]))


def cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def rewrite(file: Path, content: bytes) -> None:
    """Other content in the same file, so that its attributes stay."""
    file.write_bytes(content)


@dataclass(frozen=True)
class Case:
    """A damage, and the command that must refuse it."""

    name: str
    kind: str
    target: Callable[[Bench, Manifest], Path | None]
    """The file at fault; None when it is the reader that is wrong."""
    harm: Callable[[Bench, Manifest, Path], None] = lambda bench, made, file: None
    paths: Callable[[Bench, Paths], Paths] = lambda bench, paths: paths
    environment: dict[str, str] = field(default_factory=dict)
    falls_back: bool = True
    """Whether the backup before is still good."""


def manifest_of(bench: Bench, made: Manifest) -> Path:
    return bench.manifest_file(made)


def first_file(bench: Bench, made: Manifest) -> Path:
    largest = max(made.files, key=lambda file: file.size)
    return bench.on_disk(largest.bucket, largest.key)


def bundle(bench: Bench, made: Manifest) -> Path:
    return max(bench.pgbackrest("backup", stanza(bench), made.details["label"], "bundle").iterdir(), key=lambda file: file.stat().st_size)


def data_file(bench: Bench, made: Manifest) -> Path:
    files = bench.pgbackrest("backup", stanza(bench), made.details["label"], "pg_data").rglob("*.zst")
    return max(files, key=lambda file: file.stat().st_size)


def wal(bench: Bench, made: Manifest) -> Path:
    segment = made.details["restorePointWal"]
    return next(bench.pgbackrest("archive", stanza(bench), made.details["archive"], segment[:16]).glob(f"{segment}-*"))


def stanza(bench: Bench) -> str:
    assert bench.context.plan.database is not None
    return bench.context.plan.database.stanza


def changed(**changes: Any) -> Callable[[Bench, Manifest, Path], None]:
    """A manifest that says something else, rightly signed."""

    def harm(bench: Bench, made: Manifest, file: Path) -> None:
        document = json.loads(file.read_bytes())
        for name, value in changes.items():
            document[name] = {**document[name], **value} if isinstance(value, dict) else value
        rewrite(file, manifest.sign(document, bench.context.manifest_key))

    return harm


def swapped(bench: Bench, made: Manifest, file: Path) -> None:
    """The manifest of the backup before, in the place of this one."""
    job = bench.context.plan.job(made.job)
    older = next(entry for entry in catalogue.entries(bench.context, [job]) if entry.id != made.id)
    rewrite(file, bench.manifest_file(catalogue.read(bench.context, Entry(job, older.id))).read_bytes())


def other_system(bench: Bench, paths: Paths) -> Paths:
    plan = bench.work / "plan.json"
    plan.write_text(json.dumps({**json.loads(paths.plan.read_text()), "system": "another-system"}))
    return replace(paths, plan=plan)


def other_key(bench: Bench, paths: Paths) -> Paths:
    key = bench.work / "manifest-key"
    key.write_text("another vault's key\n")
    return replace(paths, manifest_key=key)


def nothing(bench: Bench, made: Manifest) -> None:
    return None


def _flip(bench: Bench, made: Manifest, file: Path) -> None:
    flip(file)


def _cut(bench: Bench, made: Manifest, file: Path) -> None:
    cut(file)


def _remove(bench: Bench, made: Manifest, file: Path) -> None:
    file.unlink()


PHYSICAL, DUMP, REDIS, OBJECTS = "postgres-physical", "postgres-dump", "redis-rdb", "object-store"
CASES = [
    Case("pgbackrest-bundle-bit", PHYSICAL, bundle, _flip),
    Case("pgbackrest-bundle-missing", PHYSICAL, bundle, _remove),
    Case("pgbackrest-data-file-bit", PHYSICAL, data_file, _flip),
    Case("pgbackrest-data-file-truncated", PHYSICAL, data_file, _cut),
    Case("pgbackrest-manifest-bit", PHYSICAL, first_file, _flip),
    Case("pgbackrest-manifest-missing", PHYSICAL, first_file, _remove),
    Case("wal-segment-bit", PHYSICAL, wal, _flip, falls_back=False),
    Case("wal-segment-truncated", PHYSICAL, wal, _cut, falls_back=False),
    Case("wal-segment-missing", PHYSICAL, wal, _remove, falls_back=False),
    Case("wrong-cipher-passphrase", PHYSICAL, nothing, environment={"PGBACKREST_REPO1_CIPHER_PASS": "wrong"}, falls_back=False),
    Case("newer-postgresql", PHYSICAL, manifest_of, changed(versions={"postgresql": "99.1"})),
    Case("newer-timescaledb", PHYSICAL, manifest_of, changed(versions={"timescaledb": "99.1.0"})),
    Case("dump-bit", DUMP, first_file, _flip),
    Case("dump-truncated", DUMP, first_file, _cut),
    Case("dump-missing", DUMP, first_file, _remove),
    Case("redis-snapshot-bit", REDIS, first_file, _flip),
    Case("redis-snapshot-truncated", REDIS, first_file, _cut),
    Case("redis-snapshot-missing", REDIS, first_file, _remove),
    Case("newer-redis", REDIS, manifest_of, changed(versions={"redis": "99.0.0"})),
    Case("artifact-bit", OBJECTS, first_file, _flip),
    Case("artifact-truncated", OBJECTS, first_file, _cut),
    Case("artifact-missing", OBJECTS, first_file, _remove),
    Case("manifest-bit", REDIS, manifest_of, _flip),
    Case("manifest-truncated", REDIS, manifest_of, _cut),
    Case("manifest-swapped", REDIS, manifest_of, swapped),
    Case("manifest-of-a-newer-program", REDIS, manifest_of, changed(version=2)),
    Case("backup-of-another-system", REDIS, nothing, paths=other_system, falls_back=False),
    Case("wrong-manifest-key", REDIS, nothing, paths=other_key, falls_back=False),
]


def command(bench: Bench, case: Case, target: Path) -> list[str]:
    """What would restore the backup. An object store that is not there cannot be written to either."""
    if case.kind == PHYSICAL:
        return ["restore-database", f"--pgdata={target / 'pgdata'}"]
    if case.kind == REDIS:
        return ["restore-redis", f"--dir={target / 'redis'}"]
    if case.kind == DUMP:
        return ["verify", bench.context.plan.of_kind(DUMP)[0].name]
    paths = bench.context.paths
    return ["restore-artifacts", "--endpoint=https://localhost:1", f"--ca={paths.authority}", f"--credentials={paths.credentials}"]


def run(bench: Bench, case: Case, arguments: list[str]) -> tuple[int, dict[str, Any], str]:
    """Exit code, last line of standard output, standard error."""
    paths = case.paths(bench, bench.context.paths)
    program = "import sys; from pathlib import *; from backup.cli import main; from backup.paths import Paths; sys.exit(main({}, {}))"
    done = subprocess.run(
        [sys.executable, "-c", program.format(arguments, repr(paths).replace("PosixPath", "Path"))],
        capture_output=True,
        text=True,
        user=USER,
        group=USER,
        extra_groups=[],
        env={**os.environ, "PYTHONPATH": "/app", "HOME": "/home/postgres", **case.environment},
    )
    lines = done.stdout.strip().splitlines()
    return done.returncode, json.loads(lines[-1]) if lines else {}, done.stderr


def judge(bench: Bench, case: Case) -> dict[str, Any]:
    """Do the damage, and what must come of it; everything is put back."""
    begun = time.monotonic()
    made = bench.newest(case.kind)
    target = Path(tempfile.mkdtemp(prefix="target-", dir=bench.work))
    shutil.chown(target, USER, USER)
    line: dict[str, Any] = {"damage": case.name, "job": made.job, "id": made.id}
    with ExitStack() as stack:
        file = case.target(bench, made)
        if file is not None:
            stack.enter_context(kept(file))
            case.harm(bench, made, file)
        code, answer, errors = run(bench, case, [*command(bench, case, target), f"--id={made.id}"])
        refused = answer.get("refused", {})
        faults = []
        if code != 3:
            faults.append(f"exit code {code} instead of 3: {errors[-600:]}")
        if file is not None and not _names(refused.get("file", "") + refused.get("why", ""), file):
            faults.append(f"the refusal does not name {file.name}")
        faults += [f"{name} was left" for name in ("restored", "redis/appendonlydir") if (target / name).exists()]
        if case.falls_back and case.kind != DUMP and case.kind != OBJECTS and not faults:
            code, answer, errors = run(bench, case, command(bench, case, target))
            fell_back = answer.get("fellBack", [])
            # Backups go on beside this: one that was made since is rightly taken.
            newer = code == 0 and answer["id"] > made.id
            if not newer and (code != 0 or not fell_back or fell_back[0]["id"] != made.id):
                faults.append(f"without --id it did not fall back: {code} {answer} {errors[-600:]}")
            line["fellBackTo"] = answer.get("id")
    shutil.rmtree(target)
    return {**line, "held": not faults, **refused, **({"faults": faults} if faults else {}), "seconds": round(time.monotonic() - begun, 1)}


def _names(text: str, file: Path) -> bool:
    """A WAL segment is named without its checksum, a file in a bundle by the bundle."""
    return file.name.split("-")[0].removesuffix(".zst") in text or str(file.parent.name) in text


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vault-data", type=Path, required=True, help="folder of the vault's server that holds the buckets' folders")
    parser.add_argument("--only", action="append", choices=[case.name for case in CASES], help="this damage; may be given more than once")
    options = parser.parse_args()
    os.umask(0o022)
    with tempfile.TemporaryDirectory(prefix="damage-") as work:
        os.chmod(work, 0o755)
        bench = Bench(context.load(Paths()), options.vault_data, Path(work))
        lines = []
        for case in CASES:
            if options.only and case.name not in options.only:
                continue
            lines.append(judge(bench, case))
            print(json.dumps(lines[-1]), flush=True)
    return 0 if all(line["held"] for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
