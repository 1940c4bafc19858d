"""Running other programs. Arguments are lists and never hold a secret."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from backup.errors import Failed

GRACE_SECONDS = 10


class ProgramFailed(Failed):
    """A program ended with another exit code than 0; `output` is the end of what it wrote."""

    def __init__(self, program: str, code: int, output: str) -> None:
        super().__init__(f"{program} ended with {code}: {output or 'it said nothing'}")
        self.program = program
        self.code = code
        self.output = output


def run(arguments: Sequence[str | Path], *, stdin: str = "", environment: Mapping[str, str] | None = None) -> str:
    """Standard output of a program; raises ProgramFailed. When this process is interrupted, the program is ended first."""
    program = Path(arguments[0]).name
    try:
        process = subprocess.Popen(
            [str(argument) for argument in arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            env={**os.environ, **(environment or {})},
        )
    except OSError as error:
        raise Failed(f"{program} cannot be started: {error.strerror}") from None
    try:
        output, errors = process.communicate(stdin)
    except BaseException:
        end(process)
        raise
    if process.returncode != 0:
        raise ProgramFailed(program, process.returncode, (errors.strip() or output.strip())[-2000:])
    return output


def end(process: subprocess.Popen) -> None:
    """Ask a program to end, and insist when it does not."""
    process.terminate()
    try:
        process.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
