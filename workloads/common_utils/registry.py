"""The model registry as the serving roles read it: MLflow's REST API, whose full client they need not load."""

import logging
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel

from common_utils.circuit_breaker import get_circuit_breaker
from common_utils.config import Settings
from common_utils.health import Check
from common_utils.loop import Loop
from common_utils.metrics import MODEL_INFO
from trading.model import ALIAS, ARTIFACT, NAME, LinearModel

log = logging.getLogger(__name__)


class LoadedModel(BaseModel):
    """A registered version with its weights."""

    version: str
    run_id: str
    loaded_at: datetime
    model: LinearModel


def serving_version(registered: dict[str, Any]) -> str | None:
    """The version to serve, from a `registered-models/get` answer.

    Training moves the alias and the stage Production together. Where they differ, somebody rolled back by one of the
    two, so the older one serves.
    """
    marked = [alias["version"] for alias in registered.get("aliases", []) if alias["alias"] == ALIAS]
    marked += [v["version"] for v in registered.get("latest_versions", []) if v.get("current_stage") == "Production"]
    return min(marked, key=int, default=None)


class ModelRegistry:
    """Keeps the serving version of the production model loaded; `current` is None before the first training."""

    def __init__(self, settings: Settings) -> None:
        self._breaker = get_circuit_breaker("mlflow")
        self._client = httpx.Client(base_url=settings.mlflow_tracking_uri, timeout=httpx.Timeout(5, connect=1))
        self.current: LoadedModel | None = None
        self.refreshing = Loop("model refresh", settings.model_refresh_seconds, self.refresh)

    def refresh(self) -> None:
        """Load the serving version when it is another than the loaded one."""
        version = self._breaker.call_with_retries(self._serving_version)
        if version is None or (self.current and self.current.version == version):
            return
        loaded = self._breaker.call_with_retries(self._load, version)
        if self.current:
            MODEL_INFO.remove(NAME, self.current.version, self.current.run_id)
        MODEL_INFO.labels(NAME, loaded.version, loaded.run_id).set(1)
        self.current = loaded
        log.info("loaded %s version %s", NAME, version, extra={"run_id": loaded.run_id})

    def check(self) -> Check:
        def probe() -> None:
            self._client.get("/health").raise_for_status()

        return Check("mlflow", probe)

    def _serving_version(self) -> str | None:
        response = self._client.get("/api/2.0/mlflow/registered-models/get", params={"name": NAME})
        if response.status_code == 404:
            return None
        return serving_version(response.raise_for_status().json()["registered_model"])

    def _load(self, version: str) -> LoadedModel:
        api = "/api/2.0/mlflow"
        run_id = self._get(f"{api}/model-versions/get", name=NAME, version=version)["model_version"]["run_id"]
        artifact_uri = self._get(f"{api}/runs/get", run_id=run_id)["run"]["info"]["artifact_uri"]
        model = self._get(f"{api}-artifacts/artifacts/{urlsplit(artifact_uri).path.strip('/')}/{ARTIFACT}")
        return LoadedModel(version=version, run_id=run_id, loaded_at=datetime.now(UTC), model=LinearModel.model_validate(model))

    def _get(self, path: str, **params: str) -> Any:
        return self._client.get(path, params=params).raise_for_status().json()
