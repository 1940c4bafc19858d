from pathlib import Path

import pytest

from common_utils.config import ConfigError, load
from common_utils.kafka import client_config


def test_brokers_that_ask_nobody_are_spoken_to_in_plain_text() -> None:
    assert "security.protocol" not in client_config(load({}))


def test_a_password_is_sent_inside_tls_alone(tmp_path: Path) -> None:
    password = tmp_path / "password"
    password.write_text("hunter2\n")
    config = client_config(load({"KAFKA_PASSWORD_FILE": str(password), "KAFKA_CA_FILE": "/ca.crt"}))
    assert (config["security.protocol"], config["sasl.password"], config["ssl.ca.location"]) == ("SASL_SSL", "hunter2", "/ca.crt")


def test_a_password_without_an_authority_is_refused(tmp_path: Path) -> None:
    password = tmp_path / "password"
    password.write_text("hunter2\n")
    with pytest.raises(ConfigError, match="KAFKA_CA_FILE"):
        client_config(load({"KAFKA_PASSWORD_FILE": str(password)}))
