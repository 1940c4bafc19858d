"""Bring Kafka's topics to what a file declares: create, add partitions, alter configs, wait until every replica is in sync."""

import argparse
import logging
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, NewPartitions, NewTopic, ResourceType
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from common_utils.config import ConfigError, settings
from common_utils.kafka import client_config

log = logging.getLogger(__name__)

REQUEST_TIMEOUT = 15
POLL = 1.0


class Topic(BaseModel):
    """A topic as the file declares it; `config` holds only what differs from the broker's defaults."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-zA-Z0-9._-]{1,249}$")]
    partitions: Annotated[int, Field(ge=1)]
    replicationFactor: Annotated[int, Field(ge=1)]
    config: dict[str, str] = {}


class Found(BaseModel):
    """A topic as the brokers have it."""

    partitions: int
    replication_factor: int
    config: dict[str, str]


class Plan(BaseModel):
    """What has to change."""

    create: list[Topic] = []
    add_partitions: list[Topic] = []
    alter: dict[str, dict[str, str]] = {}
    impossible: list[str] = []


def plan(declared: list[Topic], found: Mapping[str, Found]) -> Plan:
    """The way from `found` to `declared`. Fewer partitions or another replication factor cannot be had without data loss or moves."""
    result = Plan()
    for topic in declared:
        have = found.get(topic.name)
        if have is None:
            result.create.append(topic)
            continue
        if topic.partitions > have.partitions:
            result.add_partitions.append(topic)
        elif topic.partitions < have.partitions:
            result.impossible.append(f"{topic.name}: has {have.partitions} partitions, which cannot become {topic.partitions}")
        if topic.replicationFactor != have.replication_factor:
            result.impossible.append(
                f"{topic.name}: has replication factor {have.replication_factor}, declared {topic.replicationFactor}; "
                "move it with kafka-reassign-partitions"
            )
        differing = {key: value for key, value in topic.config.items() if have.config.get(key) != value}
        if differing:
            result.alter[topic.name] = differing
    return result


def load(path: Path) -> list[Topic]:
    """The topics in the JSON file at `path`."""
    try:
        return TypeAdapter(list[Topic]).validate_json(path.read_bytes())
    except OSError as error:
        raise ConfigError(f"--file {str(path)!r}: must be a readable file ({error.strerror})") from None
    except ValidationError as error:
        raise ConfigError(f"--file {str(path)!r}: {error}") from None


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("workload kafka-topics", description=__doc__)
    parser.add_argument("--file", type=Path, required=True, help="JSON: [{name, partitions, replicationFactor, config}]")
    parser.add_argument("--timeout", type=float, default=180, help="seconds to wait for brokers and replicas (default 180)")
    options = parser.parse_args(arguments)
    declared = load(options.file)
    deadline = time.monotonic() + options.timeout
    admin = AdminClient(client_config(settings()))

    if not _wait_for_brokers(admin, max(t.replicationFactor for t in declared) if declared else 1, deadline):
        return 1
    todo = plan(declared, _find(admin, declared))
    for fault in todo.impossible:
        log.error(fault)
    if todo.impossible:
        return 1
    _apply(admin, todo)
    return 0 if _wait_for_replicas(admin, declared, todo, deadline) else 1


def _wait_for_brokers(admin: AdminClient, least: int, deadline: float) -> bool:
    seen = 0
    while time.monotonic() < deadline:
        try:
            seen = len(admin.list_topics(timeout=5).brokers)
        except KafkaException as error:
            log.info("waiting for Kafka: %s", error.args[0].str())
        if seen >= least:
            return True
        time.sleep(POLL)
    log.error("%d of %d brokers answered in time; look at their logs", seen, least)
    return False


def _find(admin: AdminClient, declared: list[Topic]) -> dict[str, Found]:
    existing = admin.list_topics(timeout=REQUEST_TIMEOUT).topics
    known = [topic.name for topic in declared if topic.name in existing]
    resources = [ConfigResource(ResourceType.TOPIC, name) for name in known]
    configs = admin.describe_configs(resources, request_timeout=REQUEST_TIMEOUT) if resources else {}
    return {
        resource.name: Found(
            partitions=len(existing[resource.name].partitions),
            replication_factor=len(existing[resource.name].partitions[0].replicas),
            config={key: entry.value or "" for key, entry in future.result().items()},
        )
        for resource, future in configs.items()
    }


def _apply(admin: AdminClient, todo: Plan) -> None:
    futures = {}
    if todo.create:
        new = [NewTopic(t.name, num_partitions=t.partitions, replication_factor=t.replicationFactor, config=t.config) for t in todo.create]
        futures |= admin.create_topics(new, request_timeout=REQUEST_TIMEOUT)
    if todo.add_partitions:
        grown = [NewPartitions(t.name, t.partitions) for t in todo.add_partitions]
        futures |= admin.create_partitions(grown, request_timeout=REQUEST_TIMEOUT)
    if todo.alter:
        resources = [
            ConfigResource(
                ResourceType.TOPIC,
                name,
                incremental_configs=[ConfigEntry(k, v, incremental_operation=AlterConfigOpType.SET) for k, v in config.items()],
            )
            for name, config in todo.alter.items()
        ]
        futures |= admin.incremental_alter_configs(resources, request_timeout=REQUEST_TIMEOUT)
    for future in futures.values():
        future.result()


def _wait_for_replicas(admin: AdminClient, declared: list[Topic], todo: Plan, deadline: float) -> bool:
    while True:
        topics = admin.list_topics(timeout=REQUEST_TIMEOUT).topics
        behind = [topic.name for topic in declared if not _in_sync(topic, topics.get(topic.name))]
        if not behind:
            break
        if time.monotonic() > deadline:
            log.error("not all replicas are in sync: %s", ", ".join(behind))
            return False
        time.sleep(POLL)
    _print(declared, todo)
    return True


def _in_sync(declared: Topic, found) -> bool:
    if found is None or len(found.partitions) != declared.partitions:
        return False
    return all(len(p.isrs) == len(p.replicas) == declared.replicationFactor for p in found.partitions.values())


def _print(declared: list[Topic], todo: Plan) -> None:
    created = {topic.name for topic in todo.create}
    changed = {topic.name for topic in todo.add_partitions} | set(todo.alter)
    for topic in declared:
        done = "created" if topic.name in created else "changed" if topic.name in changed else "unchanged"
        print(f"{topic.name:<24}{topic.partitions:>3} partitions x {topic.replicationFactor} replicas in sync  {done}", file=sys.stdout)
