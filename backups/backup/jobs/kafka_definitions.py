"""Kafka's topics with their settings, and the offsets of its consumer groups. Messages are not backed up; offsets are for the report."""

from datetime import datetime
from typing import Any

from confluent_kafka import ConsumerGroupTopicPartitions, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, ConfigResource, ConfigSource, OffsetSpec, ResourceType

from backup.context import Context
from backup.errors import Failed
from backup.jobs import Made
from backup.paths import read_secret
from backup.plan import Job, Kafka

TIMEOUT_SECONDS = 30


def make(context: Context, job: Job, backup_id: str, started: datetime) -> Made:
    assert context.plan.kafka is not None
    # Each attempt to reach a broker that is away would be a line; the error at the end says it once.
    admin = AdminClient(client_config(context.plan.kafka) | {"log_level": 2})
    try:
        definitions = read(admin)
    except KafkaException as error:
        raise Failed(f"Kafka: {error.args[0].str()}") from None
    file = context.vault.put_document(context.plan.bucket_of(job), f"{job.name}/{backup_id}.json", definitions)
    counts = {
        "topics": len(definitions["topics"]),
        "partitions": sum(topic["partitions"] for topic in definitions["topics"]),
        "groups": len(definitions["groups"]),
    }
    return Made(files=[file], counts=counts)


def client_config(kafka: Kafka) -> dict[str, str]:
    """Where the brokers are, and who the backup is where they ask."""
    addresses = {"bootstrap.servers": kafka.bootstrap_servers}
    if kafka.sasl is None:
        return addresses
    return addresses | {
        "security.protocol": "SASL_SSL",
        "sasl.mechanism": "PLAIN",
        "sasl.username": kafka.sasl.username,
        "sasl.password": read_secret(kafka.sasl.password_file),
        "ssl.ca.location": str(kafka.sasl.ca_file),
    }


def read(admin: AdminClient) -> dict[str, Any]:
    """Topics and groups, internal topics left out: Kafka makes those itself."""
    metadata = admin.list_topics(timeout=TIMEOUT_SECONDS)
    topics = {name: topic for name, topic in sorted(metadata.topics.items()) if not name.startswith("__")}
    return {
        "brokers": sorted(metadata.brokers),
        "topics": [
            {
                "name": name,
                "partitions": len(topic.partitions),
                "replicationFactor": len(topic.partitions[0].replicas),
                "config": settings,
            }
            for (name, topic), settings in zip(topics.items(), _settings(admin, list(topics)), strict=True)
        ],
        "ends": _ends(admin, {name: sorted(topic.partitions) for name, topic in topics.items()}),
        "groups": _groups(admin),
    }


def _settings(admin: AdminClient, topics: list[str]) -> list[dict[str, str]]:
    """What was set for each topic itself."""
    if not topics:
        return []
    futures = admin.describe_configs([ConfigResource(ResourceType.TOPIC, name) for name in topics], request_timeout=TIMEOUT_SECONDS)
    found = {resource.name: future.result() for resource, future in futures.items()}
    own = ConfigSource.DYNAMIC_TOPIC_CONFIG.value
    return [{key: entry.value for key, entry in sorted(found[name].items()) if entry.source == own} for name in topics]


def _ends(admin: AdminClient, topics: dict[str, list[int]]) -> dict[str, dict[str, int]]:
    """Topic → partition → offset of the next message."""
    wanted = {TopicPartition(name, partition): OffsetSpec.latest() for name, partitions in topics.items() for partition in partitions}
    if not wanted:
        return {}
    ends: dict[str, dict[str, int]] = {name: {} for name in topics}
    for place, future in admin.list_offsets(wanted, request_timeout=TIMEOUT_SECONDS).items():
        ends[place.topic][str(place.partition)] = future.result().offset
    return ends


def _groups(admin: AdminClient) -> dict[str, dict[str, dict[str, int]]]:
    """Group → topic → partition → committed offset."""
    listed = admin.list_consumer_groups(request_timeout=TIMEOUT_SECONDS).result()
    if listed.errors:
        raise listed.errors[0]
    groups: dict[str, dict[str, dict[str, int]]] = {}
    for group in sorted(entry.group_id for entry in listed.valid):
        future = admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group)], request_timeout=TIMEOUT_SECONDS)[group]
        groups[group] = {}
        for place in future.result().topic_partitions:
            groups[group].setdefault(place.topic, {})[str(place.partition)] = place.offset
    return groups
