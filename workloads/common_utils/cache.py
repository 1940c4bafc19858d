"""The Redis cache: JSON values that expire."""

import json
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from common_utils.config import Settings, read_secret
from common_utils.health import Check
from common_utils.metrics import CACHE_HITS, CACHE_MISSES


class Cache:
    """Reads are counted as hits and misses by the part of the key before the first colon."""

    def __init__(self, settings: Settings) -> None:
        self.client = redis.Redis(
            host=settings.redis_host,
            port=settings.redis_port,
            password=read_secret("REDIS_PASSWORD_FILE", settings.redis_password_file),
            decode_responses=True,
            socket_timeout=2,
            socket_connect_timeout=2,
            # One new connection for one that broke; the breaker does the waiting.
            retry=Retry(NoBackoff(), 1),
        )

    def get(self, key: str) -> Any | None:
        value = self.client.get(key)
        (CACHE_MISSES if value is None else CACHE_HITS).labels(key.partition(":")[0]).inc()
        return None if value is None else json.loads(value)

    def put(self, key: str, value: Any, ttl: int) -> None:
        """Keep `value` for `ttl` seconds."""
        self.client.set(key, json.dumps(value), ex=ttl)

    def check(self) -> Check:
        def probe() -> None:
            self.client.ping()

        return Check("redis", probe)
