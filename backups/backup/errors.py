"""What can go wrong, by the exit code that it ends with."""


class ConfigError(ValueError):
    """An argument or a file of settings is unusable; the message names it, its value, what is allowed and how to mend it. Exit code 2."""


class Failed(RuntimeError):
    """The work could not be done, or not to its end. Exit code 1."""


class PartiallyFailed(Failed):
    """Some of a backup is in the vault, but not all of it, so it has no manifest. Exit code 1."""


class Refused(Exception):
    """A backup is damaged, incomplete, foreign or newer than this program, so nothing is made of it. Exit code 3."""

    def __init__(self, file: str, why: str) -> None:
        super().__init__(f"{file}: {why}")
        self.file = file
        """Object or WAL segment at fault, as it is called in the vault."""
        self.why = why


class RefusedForAll(Refused):
    """What is wrong is wrong for older backups too: the WAL after the backup."""


class TooYoung(Refused):
    """A whole backup, but made after the wanted time."""
