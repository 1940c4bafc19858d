"""What a Redis holds, told so that a restored one can be compared."""

import hashlib
from collections import Counter
from typing import Any

import redis

BATCH = 500

Content = dict[str, Any]
"""`keys`, `types`, `lasting`: how many keys never expire, `digest`: over those."""


def content(client: redis.Redis) -> Content:
    """Everything in database 0..15. Needs `enable-debug-command local`."""
    types: Counter[str] = Counter()
    digests = []
    keys = 0
    for database in databases(client):
        client.execute_command("SELECT", database)
        batch: list[bytes] = []
        for key in client.scan_iter(count=BATCH):
            batch.append(key)
            if len(batch) == BATCH:
                digests += _lasting(client, database, batch, types)
                keys += len(batch)
                batch = []
        digests += _lasting(client, database, batch, types)
        keys += len(batch)
    client.execute_command("SELECT", 0)
    whole = hashlib.sha256(b"".join(sorted(digests))).hexdigest()
    return {"keys": keys, "types": dict(sorted(types.items())), "lasting": len(digests), "digest": whole}


def databases(client: redis.Redis) -> list[int]:
    """Numbers of the databases that have keys."""
    return sorted(int(name.removeprefix("db")) for name in client.info("keyspace"))


def _lasting(client: redis.Redis, database: int, keys: list[bytes], types: Counter[str]) -> list[bytes]:
    """Digests of those keys that never expire; counts the types of all."""
    if not keys:
        return []
    pipe = client.pipeline(transaction=False)
    for key in keys:
        pipe.type(key)
        pipe.pttl(key)
    answers = pipe.execute()
    kinds, lifetimes = answers[::2], answers[1::2]
    types.update(kind.decode() for kind in kinds)
    lasting = [key for key, lifetime in zip(keys, lifetimes, strict=True) if lifetime == -1]
    if not lasting:
        return []
    values = client.execute_command("DEBUG", "DIGEST-VALUE", *lasting)
    return [hashlib.sha256(b"%d:%b=%b" % (database, key, value)).digest() for key, value in zip(lasting, values, strict=True)]


def differences(expected: Content, found: Content) -> list[str]:
    """What a restored Redis lacks or has otherwise. Keys that expire may have expired since."""
    result = []
    if found["lasting"] != expected["lasting"]:
        result.append(f"it has {found['lasting']} lasting keys instead of {expected['lasting']}")
    elif found["digest"] != expected["digest"]:
        result.append("its lasting keys hold other values than were backed up")
    if found["keys"] > expected["keys"]:
        result.append(f"it has {found['keys']} keys, more than the {expected['keys']} that were backed up")
    result += [
        f"it has {count} keys of type {kind}, more than the {expected['types'].get(kind, 0)} that were backed up"
        for kind, count in found["types"].items()
        if count > expected["types"].get(kind, 0)
    ]
    return result
