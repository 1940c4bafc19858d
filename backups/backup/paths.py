"""Where the program's files lie: the same paths in the sidecar and in every container that restores."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Paths:
    """Files that the container is given, and the one folder that the program writes to."""

    plan: Path = Path("/etc/ultrathink/backup.json")
    crontab: Path = Path("/etc/ultrathink/backup-crontab")
    credentials: Path = Path("/run/secrets/vault-credentials")
    manifest_key: Path = Path("/run/secrets/vault-manifest-key")
    authority: Path = Path("/etc/ssl/ultrathink/vault-ca.crt")
    scratch: Path = Path("/var/lib/backup")


def read_secret(path: Path) -> str:
    """The secret in the file at `path`. It is never part of an error."""
    from backup.errors import ConfigError

    try:
        return path.read_text().strip()
    except OSError as error:
        raise ConfigError(f"{path}: must be a file that can be read ({error.strerror}); mount the secret there with mode 0400") from None
