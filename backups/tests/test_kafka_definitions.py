from pathlib import Path

from backup.jobs.kafka_definitions import client_config
from backup.plan import Kafka


def test_brokers_that_ask_nobody_are_spoken_to_in_plain_text() -> None:
    assert client_config(Kafka(bootstrap_servers="kafka-1:9092")) == {"bootstrap.servers": "kafka-1:9092"}


def test_a_password_is_sent_inside_tls_alone(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("hunter2\n")
    sasl = {"username": "client", "passwordFile": str(file), "caFile": "/ca.crt"}
    config = client_config(Kafka.model_validate({"bootstrapServers": "kafka-1:9092", "sasl": sasl}))
    assert (config["security.protocol"], config["sasl.password"], config["ssl.ca.location"]) == ("SASL_SSL", "hunter2", "/ca.crt")
