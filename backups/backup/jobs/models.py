"""The files of every registered model version that serves in production, as MLflow hands them out."""

import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from backup import catalogue
from backup.context import Context
from backup.errors import Failed
from backup.jobs import Made
from backup.manifest import File, Source
from backup.plan import Job

ALIAS = "production"
API = "/api/2.0/mlflow"
ARTIFACTS = "/api/2.0/mlflow-artifacts/artifacts"


def make(context: Context, job: Job, backup_id: str, started: datetime) -> Made:
    assert context.plan.mlflow is not None
    last = catalogue.newest(context, job)
    known = {file.source: file for file in last.files if file.source} if last else {}
    files: list[File] = []
    models: dict[str, str] = {}
    try:
        with httpx.Client(base_url=context.plan.mlflow.url, timeout=60) as client:
            for name, version in production(client):
                models[name] = version
                root = location(client, name, version)
                for path, size in sorted(_below(client, root)):
                    # A version's files never change.
                    source = Source(key=path, etag=f"{name}/{version}/{size}")
                    key = f"models/{name}/{version}/{path.removeprefix(root).lstrip('/')}"
                    files.append(known.get(source) or _copy(context, job, client, key, source))
    except httpx.HTTPError as error:
        raise Failed(f"MLflow: {error or repr(error)}") from None
    return Made(files=files, counts={"models": len(models), "files": len(files)}, details={"versions": models})


def production(client: httpx.Client) -> Iterator[tuple[str, str]]:
    """Name and version of every model that has the alias."""
    page = ""
    while True:
        answer = _get(client, f"{API}/registered-models/search", max_results="100", **({"page_token": page} if page else {}))
        for model in answer.get("registered_models", []):
            for alias in model.get("aliases", []):
                if alias["alias"] == ALIAS:
                    yield model["name"], alias["version"]
        page = answer.get("next_page_token", "")
        if not page:
            return


def location(client: httpx.Client, name: str, version: str) -> str:
    """Folder of a model version in the artifact store."""
    uri = _get(client, f"{API}/model-versions/get-download-uri", name=name, version=version)["artifact_uri"]
    parts = urlsplit(uri)
    if parts.scheme != "mlflow-artifacts":
        raise Failed(f"model {name} version {version} lies at {uri}, which is not in MLflow's artifact store")
    return parts.path.strip("/")


def _below(client: httpx.Client, folder: str) -> Iterator[tuple[str, int]]:
    """Path and size of every file in a folder of the artifact store."""
    for entry in _get(client, ARTIFACTS, path=folder).get("files", []):
        path = f"{folder}/{entry['path']}"
        if entry.get("is_dir"):
            yield from _below(client, path)
        else:
            yield path, int(entry.get("file_size", 0))


def _copy(context: Context, job: Job, client: httpx.Client, key: str, source: Source) -> File:
    with tempfile.TemporaryDirectory(prefix="model-", dir=context.scratch) as scratch:
        file = Path(scratch, "file")
        with client.stream("GET", f"{ARTIFACTS}/{quote(source.key)}") as answer, file.open("wb") as stream:
            answer.raise_for_status()
            for chunk in answer.iter_bytes():
                stream.write(chunk)
        return context.vault.put_file(context.plan.bucket_of(job), key, file, source)


def _get(client: httpx.Client, url: str, /, **parameters: str) -> Any:
    return client.get(url, params=parameters).raise_for_status().json()
