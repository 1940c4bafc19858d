"""Kafka: acknowledged publishing, and consuming that commits only what was handled."""

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer
from confluent_kafka.admin import AdminClient
from pydantic import BaseModel, ValidationError

from common_utils.config import ConfigError, Settings, read_secret
from common_utils.health import Check
from common_utils.metrics import KAFKA_CONSUMED, KAFKA_INVALID, KAFKA_PRODUCE_ERRORS, KAFKA_PRODUCED

log = logging.getLogger(__name__)

_METADATA_TIMEOUT = 2


def broker_check(client: Producer | AdminClient, *, hard: bool = True) -> Check:
    """A check that brokers answer. A consumer cannot be asked: its thread holds it while it waits for messages."""

    def probe() -> dict[str, int]:
        return {"brokers": len(client.list_topics(timeout=_METADATA_TIMEOUT).brokers)}

    return Check("kafka", probe, hard)


def security(settings: Settings) -> dict[str, Any]:
    """Who this client is, where the brokers ask, and whom it trusts."""
    password = read_secret("KAFKA_PASSWORD_FILE", settings.kafka_password_file)
    if password is None:
        return {}
    if settings.kafka_ca_file is None:
        raise ConfigError(
            "KAFKA_CA_FILE: is not set beside KAFKA_PASSWORD_FILE; name the file with the certificate of the brokers' authority"
        )
    return {
        "security.protocol": "SASL_SSL",
        "sasl.mechanism": "PLAIN",
        "sasl.username": settings.kafka_username,
        "sasl.password": password,
        "ssl.ca.location": str(settings.kafka_ca_file),
    }


def client_config(settings: Settings) -> dict[str, Any]:
    return security(settings) | {
        "bootstrap.servers": settings.kafka_bootstrap_servers,
        "client.id": settings.service_name,
        "reconnect.backoff.max.ms": 5000,
        # The drivers' own line for every failed attempt to connect says nothing that the health check does not.
        "log_level": 2,
        "logger": log,
    }


class Event(Protocol):
    """A model that knows its symbol, by which messages are keyed."""

    @property
    def symbol(self) -> str: ...
    def model_dump_json(self) -> str: ...


class EventProducer:
    """Publishes events as JSON, keyed by symbol, and returns when all in-sync replicas have it."""

    def __init__(self, settings: Settings) -> None:
        self._config = client_config(settings) | {
            "acks": "all",
            "enable.idempotence": True,
            "compression.type": "lz4",
            "linger.ms": 5,
            # How long the driver itself retries; afterwards the caller hears of it.
            "message.timeout.ms": 5000,
        }
        self._lock = threading.Lock()
        self._producer = Producer(self._config)

    def publish(self, topic: str, events: Iterable[Event]) -> None:
        """Send all `events`; raises KafkaException when one was not acknowledged in time."""
        errors: list[KafkaError] = []

        def delivered(error: KafkaError | None, _: Message) -> None:
            if error is None:
                KAFKA_PRODUCED.labels(topic).inc()
            else:
                KAFKA_PRODUCE_ERRORS.labels(topic).inc()
                errors.append(error)

        with self._lock:
            for event in events:
                self._producer.produce(topic, event.model_dump_json(), event.symbol, on_delivery=delivered)
            self._producer.flush()
            if any(error.fatal() for error in errors):
                # An idempotent producer that lost its place in the sequence cannot go on: only a new one can.
                self._producer = Producer(self._config)
        if errors:
            raise KafkaException(errors[0])

    def check(self, *, hard: bool = True) -> Check:
        return broker_check(self._producer, hard=hard)


class EventConsumer:
    """A member of a consumer group.

    topics: the model of the events on each topic; a message that does not fit it is skipped and counted.
    handle: gets the events of a batch in order; as long as it raises, the same batch is tried again and nothing is committed.
    replay: whether a group without offsets starts at the oldest message rather than the newest.
    """

    def __init__(
        self,
        settings: Settings,
        group: str,
        topics: Mapping[str, type[BaseModel]],
        handle: Callable[[list[Any]], None],
        *,
        replay: bool = True,
    ) -> None:
        self._topics = topics
        self._handle = handle
        self._consumer = Consumer(
            client_config(settings)
            | {
                "group.id": group,
                "enable.auto.commit": False,
                "auto.offset.reset": "earliest" if replay else "latest",
                # A crashed member gives its partitions up after this, not after the default 45 s.
                "session.timeout.ms": 10000,
                "queued.max.messages.kbytes": 4096,
            }
        )
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"consumer-{group}", daemon=True)

    def start(self) -> None:
        self._consumer.subscribe(list(self._topics))
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(5)
        self._consumer.close()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                messages = [m for m in self._consumer.consume(100, timeout=1) if self._usable(m)]
                if messages:
                    self._handle_until_done(messages)
            except KafkaException as error:
                log.error("consuming %s failed: %r", sorted(self._topics), error)
                self._stop.wait(1)

    @staticmethod
    def _usable(message: Message) -> bool:
        error = message.error()
        if error:
            log.warning("consuming %s: %s", message.topic(), error)
        return not error

    def _handle_until_done(self, messages: list[Message]) -> None:
        events = [event for message in messages if (event := self._decode(message)) is not None]
        while not self._stop.is_set():
            try:
                if events:
                    self._handle(events)
            except Exception as error:
                log.error("handling %d events failed, trying again: %r", len(events), error)
                self._stop.wait(2)
                continue
            self._consumer.commit(asynchronous=False)
            for message in messages:
                KAFKA_CONSUMED.labels(message.topic()).inc()
            return

    def _decode(self, message: Message) -> BaseModel | None:
        topic = message.topic()
        try:
            return self._topics[topic].model_validate_json(message.value() or b"")
        except ValidationError as error:
            KAFKA_INVALID.labels(topic).inc()
            log.warning("skipping %s/%d@%d: %d faults", topic, message.partition(), message.offset(), error.error_count())
            return None
