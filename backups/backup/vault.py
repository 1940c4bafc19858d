"""The vault: an S3 bucket whose objects keep their versions. What is stored is checked by the server; what is read, by the manifest."""

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from botocore.exceptions import BotoCoreError, ClientError

from backup.errors import Failed, Refused
from backup.manifest import File, Source
from backup.s3 import failures, is_missing

PART = 16 * 2**20
"""Bytes of an upload's part, and what of it is in memory at once; larger for files that would have more than MOST_PARTS."""
MOST_PARTS = 9_000
CHUNK = 2**20


class Vault:
    """Objects of the vault's buckets."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def reach(self, bucket: str) -> None:
        """Raises Failed when the bucket is out of reach; pgBackRest alone would try for minutes."""
        with failures(f"bucket {bucket}"):
            self._client.head_bucket(Bucket=bucket)

    def put(self, bucket: str, key: str, content: bytes) -> File:
        """Store `content`; returns only when the server has all of it."""
        digest = hashlib.sha256(content)
        with failures(f"upload of {key}"):
            answer = self._client.put_object(Bucket=bucket, Key=key, Body=content, ChecksumSHA256=_base64(digest))
        return File(bucket=bucket, key=key, size=len(content), sha256=digest.hexdigest(), version_id=_version(answer, bucket))

    def put_file(self, bucket: str, key: str, path: Path, source: Source | None = None) -> File:
        """Store the file at `path`, in parts when it is large."""
        size = path.stat().st_size
        with path.open("rb") as stream:
            if size <= PART:
                return self.put(bucket, key, stream.read()).model_copy(update={"source": source})
            version, sha256 = self._put_parts(bucket, key, stream, max(PART, size // MOST_PARTS + 1))
        return File(bucket=bucket, key=key, size=size, sha256=sha256, version_id=version, source=source)

    def _put_parts(self, bucket: str, key: str, stream: IO[bytes], part_size: int) -> tuple[str, str]:
        whole = hashlib.sha256()
        place = {"Bucket": bucket, "Key": key}
        with failures(f"upload of {key}"):
            upload = {**place, "UploadId": self._client.create_multipart_upload(**place, ChecksumAlgorithm="SHA256")["UploadId"]}
        try:
            parts = []
            while part := stream.read(part_size):
                whole.update(part)
                number, checksum = len(parts) + 1, _base64(hashlib.sha256(part))
                with failures(f"upload of {key}, part {number}"):
                    answer = self._client.upload_part(**upload, PartNumber=number, Body=part, ChecksumSHA256=checksum)
                parts.append({"PartNumber": number, "ETag": answer["ETag"], "ChecksumSHA256": checksum})
            with failures(f"upload of {key}"):
                answer = self._client.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
            return _version(answer, bucket), whole.hexdigest()
        except BaseException:
            # Where this fails too, the bucket's lifecycle takes what is left.
            with suppress(BotoCoreError, ClientError):
                self._client.abort_multipart_upload(**upload)
            raise

    def chunks(self, file: File) -> Iterator[bytes]:
        """The content of a file of a manifest, checked while it passes: raises Refused at the latest after the last chunk."""
        size, digest = 0, hashlib.sha256()
        with failures(f"download of {file.key}"):
            for chunk in self._open(file).iter_chunks(CHUNK):
                size += len(chunk)
                if size > file.size:
                    break
                digest.update(chunk)
                yield chunk
        if size < file.size:
            raise Refused(file.key, f"is truncated: it has {size} bytes instead of {file.size}")
        if size > file.size:
            raise Refused(file.key, f"is another file: it has more than {file.size} bytes")
        if digest.hexdigest() != file.sha256:
            raise Refused(file.key, f"is damaged: its SHA-256 is {digest.hexdigest()}, the manifest says {file.sha256}")

    def check(self, file: File) -> None:
        """Read all of a file; raises Refused when it is not what the manifest says."""
        for _ in self.chunks(file):
            pass

    def download(self, file: File, path: Path) -> None:
        """A checked copy of a file at `path`."""
        with path.open("wb") as stream:
            for chunk in self.chunks(file):
                stream.write(chunk)

    def _open(self, file: File) -> Any:
        """The version that the manifest names. Mostly it is the current one, which needs no permission to read versions."""
        place = {"Bucket": file.bucket, "Key": file.key}
        try:
            answer = self._client.get_object(**place)
            if answer.get("VersionId") == file.version_id:
                return answer["Body"]
            answer["Body"].close()
        except ClientError as error:
            if not is_missing(error):
                raise
        try:
            return self._client.get_object(**place, VersionId=file.version_id)["Body"]
        except ClientError as error:
            if is_missing(error):
                raise Refused(file.key, f"is missing (version {file.version_id})") from None
            raise

    def get(self, bucket: str, key: str) -> bytes:
        """The current content of a small object; raises Refused when there is none."""
        try:
            with failures(f"download of {key}"):
                return self._client.get_object(Bucket=bucket, Key=key)["Body"].read()
        except Failed as error:
            if isinstance(error.__context__, ClientError) and is_missing(error.__context__):
                raise Refused(key, "is missing") from None
            raise

    def file(self, bucket: str, key: str) -> File:
        """What another program has stored, as a file of a manifest."""
        with failures(f"download of {key}"):
            answer = self._client.get_object(Bucket=bucket, Key=key)
            content = answer["Body"].read()
        return File(
            bucket=bucket, key=key, size=len(content), sha256=hashlib.sha256(content).hexdigest(), version_id=_version(answer, bucket)
        )

    def keys(self, bucket: str, prefix: str) -> list[str]:
        """Keys of the objects below `prefix`, sorted; deleted ones are not among them."""
        with failures(f"listing of {bucket}/{prefix}"):
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
            return sorted(entry["Key"] for page in pages for entry in page.get("Contents", []))

    def delete(self, bucket: str, key: str) -> None:
        """Put a delete marker on an object; its versions stay as long as lock and lifecycle say."""
        with failures(f"deletion of {key}"):
            self._client.delete_object(Bucket=bucket, Key=key)

    def put_document(self, bucket: str, key: str, document: Any) -> File:
        return self.put(bucket, key, json.dumps(document, indent=1, sort_keys=True).encode())


def _base64(digest: Any) -> str:
    return base64.b64encode(digest.digest()).decode()


def _version(answer: dict[str, Any], bucket: str) -> str:
    version = answer.get("VersionId")
    if not version:
        raise Failed(f"bucket {bucket} keeps no versions, so nothing in it is safe; bring the vault up again")
    return version
