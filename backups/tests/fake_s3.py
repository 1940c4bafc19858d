"""An S3 server in memory: the part of a boto3 client that the program uses, with versions and delete markers."""

import base64
import hashlib
import io
from itertools import count
from typing import Any

from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.response import StreamingBody


class FakeS3:
    def __init__(self, *buckets: str) -> None:
        self.objects: dict[str, dict[str, list[tuple[str, bytes | None]]]] = {bucket: {} for bucket in buckets}
        """Bucket → key → versions, oldest first: id and content, None for a delete marker."""
        self.uploads: dict[str, dict[int, bytes]] = {}
        self.fails_after = -1
        """Calls that write until the server is gone."""
        self._numbers = count(1)

    def content(self, bucket: str, key: str) -> bytes | None:
        versions = self.objects[bucket].get(key, [])
        return versions[-1][1] if versions else None

    def keys(self, bucket: str) -> list[str]:
        return sorted(key for key in self.objects[bucket] if self.content(bucket, key) is not None)

    def spoil(self, bucket: str, key: str, content: bytes | None) -> None:
        """Damage the current version itself; None takes it away."""
        versions = self.objects[bucket][key]
        if content is None:
            versions.pop()
        else:
            versions[-1] = (versions[-1][0], content)

    def _write(self) -> None:
        if self.fails_after == 0:
            raise EndpointConnectionError(endpoint_url="https://vault:9000")
        self.fails_after -= 1

    def _store(self, bucket: str, key: str, content: bytes | None) -> str:
        version = f"v{next(self._numbers)}"
        self.objects[bucket].setdefault(key, []).append((version, content))
        return version

    def head_bucket(self, Bucket: str) -> None:
        if self.fails_after == 0:
            raise EndpointConnectionError(endpoint_url="https://vault:9000")

    def put_object(self, Bucket: str, Key: str, Body: bytes, ChecksumSHA256: str) -> dict:
        self._write()
        assert ChecksumSHA256 == base64.b64encode(hashlib.sha256(Body).digest()).decode()
        return {"VersionId": self._store(Bucket, Key, Body)}

    def create_multipart_upload(self, Bucket: str, Key: str, ChecksumAlgorithm: str) -> dict:
        self._write()
        upload = f"u{next(self._numbers)}"
        self.uploads[upload] = {}
        return {"UploadId": upload}

    def upload_part(self, Bucket: str, Key: str, UploadId: str, PartNumber: int, Body: bytes, ChecksumSHA256: str) -> dict:
        self._write()
        self.uploads[UploadId][PartNumber] = Body
        return {"ETag": "etag"}

    def complete_multipart_upload(self, Bucket: str, Key: str, UploadId: str, MultipartUpload: dict) -> dict:
        self._write()
        parts = self.uploads.pop(UploadId)
        numbers = [part["PartNumber"] for part in MultipartUpload["Parts"]]
        return {"VersionId": self._store(Bucket, Key, b"".join(parts[number] for number in numbers))}

    def abort_multipart_upload(self, Bucket: str, Key: str, UploadId: str) -> None:
        del self.uploads[UploadId]

    def get_object(self, Bucket: str, Key: str, VersionId: str | None = None) -> dict:
        for version, content in reversed(self.objects[Bucket].get(Key, [])):
            if VersionId in (None, version) and content is not None:
                etag = hashlib.md5(content).hexdigest()
                body = StreamingBody(io.BytesIO(content), len(content))
                return {"VersionId": version, "Body": body, "ContentLength": len(content), "ETag": f'"{etag}"'}
            if VersionId is None:
                break
        raise ClientError({"Error": {"Code": "NoSuchVersion" if VersionId else "NoSuchKey"}}, "GetObject")

    def delete_object(self, Bucket: str, Key: str) -> None:
        self._write()
        self._store(Bucket, Key, None)

    def list_buckets(self) -> dict:
        return {"Buckets": [{"Name": name} for name in self.objects]}

    def create_bucket(self, Bucket: str) -> None:
        self.objects[Bucket] = {}

    def upload_fileobj(self, stream: Any, bucket: str, key: str) -> None:
        self._store(bucket, key, stream.read())

    def get_paginator(self, operation: str) -> "FakeS3":
        assert operation == "list_objects_v2"
        return self

    def paginate(self, Bucket: str, Prefix: str = "") -> list[dict]:
        found = []
        for key in self.keys(Bucket):
            if key.startswith(Prefix):
                content = self.content(Bucket, key) or b""
                found.append({"Key": key, "ETag": f'"{hashlib.md5(content).hexdigest()}"'})
        return [{"Contents": found[:1]}, {"Contents": found[1:]}]
