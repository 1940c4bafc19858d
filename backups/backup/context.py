"""What every command works with."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from backup import plan, s3
from backup.paths import Paths, read_secret
from backup.plan import Plan
from backup.vault import Vault


@dataclass(frozen=True)
class Context:
    """The plan, the vault with the identity that the container was given, and the key of the manifests."""

    paths: Paths
    plan: Plan

    @cached_property
    def vault(self) -> Vault:
        place = self.plan.vault
        if place.identity == "web-identity":
            return Vault(s3.role_client(place.endpoint, place.region))
        return Vault(s3.client(place.endpoint, place.region, self.paths.credentials, self.paths.authority))

    @cached_property
    def manifest_key(self) -> str:
        return read_secret(self.paths.manifest_key)

    @property
    def scratch(self) -> Path:
        return self.paths.scratch


def load(paths: Paths) -> Context:
    return Context(paths, plan.load(paths.plan))
