from pathlib import Path

import pytest

from common_utils.config import ConfigError, load, read_secret


def test_an_empty_environment_gives_the_runbooks_values() -> None:
    now = load({})
    assert (now.batch_size, now.training_batch_size, now.learning_rate, now.ewc_lambda) == (16, 32, 0.0001, 1000)
    assert (
        now.circuit_breaker_failure_threshold,
        now.circuit_breaker_window_seconds,
        now.circuit_breaker_timeout_seconds,
    ) == (5, 60, 60)


def test_values_come_from_the_environment_and_the_rest_of_it_is_ignored() -> None:
    assert load({"BATCH_SIZE": "64", "PATH": "/bin"}).batch_size == 64


@pytest.mark.parametrize(
    ("key", "value", "allowed"),
    [
        ("PORT", "65536", "less than or equal to 65535"),
        ("BATCH_SIZE", "many", "valid integer"),
        ("LEARNING_RATE", "0", "greater than 0"),
        ("EWC_LAMBDA", "-1", "greater than or equal to 0"),
        ("LOG_LEVEL", "LOUD", "'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("KAFKA_BOOTSTRAP_SERVERS", "kafka-1", "pattern"),
        ("MLFLOW_TRACKING_URI", "mlflow:5000", "pattern"),
        ("CIRCUIT_BREAKER_FAILURE_THRESHOLD", "0", "greater than or equal to 1"),
    ],
)
def test_a_wrong_value_is_refused_with_key_value_and_what_is_allowed(key: str, value: str, allowed: str) -> None:
    with pytest.raises(ConfigError) as error:
        load({key: value})
    assert str(error.value).startswith(f"{key}={value!r}: ")
    assert allowed in str(error.value)


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(ConfigError) as error:
        load({"PORT": "0", "BATCH_SIZE": "0"})
    assert [line.partition("=")[0] for line in str(error.value).splitlines()] == ["PORT", "BATCH_SIZE"]


def test_a_secret_is_read_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("hunter2\n")
    assert read_secret("REDIS_PASSWORD_FILE", file) == "hunter2"
    assert read_secret("REDIS_PASSWORD_FILE", None) is None


def test_a_missing_secret_names_its_key_and_path(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"REDIS_PASSWORD_FILE='.*/none': must be a file"):
        read_secret("REDIS_PASSWORD_FILE", tmp_path / "none")
