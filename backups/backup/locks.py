"""One run of a thing at a time, between all processes that see the same file."""

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backup.errors import Failed

log = logging.getLogger(__name__)


@contextmanager
def held(file: Path, doing: str, *, wait: bool) -> Iterator[None]:
    """Hold the lock on `file`, which is made when it is missing. The system frees it when the process ends, however it ends."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        stream = file.open("a")
    except OSError as error:
        raise Failed(f"{file} cannot be written: {error.strerror}") from None
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not wait:
                raise Failed(f"{doing} is under way already") from None
            log.info("%s is under way; this run follows it", doing)
            fcntl.flock(stream, fcntl.LOCK_EX)
        yield
