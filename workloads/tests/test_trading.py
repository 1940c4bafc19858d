import math
from datetime import UTC, datetime

import pytest

from common_utils.registry import serving_version
from trading.decision import Limits, Order, check_risk, order
from trading.market import START_PRICES, SYMBOLS, WINDOW, RandomWalk, features, samples
from trading.model import EWC_PENALTY_LIMIT, LinearModel, TrainingResult, instability, train
from trading.regime import classify
from trading.strategy import CONSERVATIVE, Strategy, choose

SYMBOL = SYMBOLS[0]


def walk(steps: int, seed: str = "seed") -> list[float]:
    market = RandomWalk(seed, SYMBOL)
    return [market.step() for _ in range(steps)]


def prices(per_tick: float, wiggle: float = 1e-5) -> list[float]:
    return [100 * math.exp(per_tick * i + wiggle * (-1) ** i) for i in range(WINDOW + 1)]


def test_a_walk_repeats_with_its_seed_and_stays_in_range() -> None:
    assert walk(100) == walk(100)
    assert walk(100) != walk(100, "other")
    assert all(START_PRICES[SYMBOL] / 5 < price < START_PRICES[SYMBOL] * 5 for price in walk(50_000))


def test_features_need_a_full_window() -> None:
    assert features(walk(WINDOW)) is None
    assert features(walk(WINDOW + 1)) is not None


@pytest.mark.parametrize(
    ("history", "regime"),
    [
        (prices(0.001, 0.0002), "bull"),
        (prices(-0.001, 0.0002), "bear"),
        (prices(0.0, 0.0005), "sideways"),
        (prices(0.0, 0.005), "volatile"),
    ],
)
def test_regimes(history: list[float], regime: str) -> None:
    seen = features(history)
    assert seen is not None
    assert classify(seen) == regime


def trained(base: LinearModel, learning_rate: float = 1e-4, ewc_lambda: float = 1000):
    return train(base, samples(walk(1500)), learning_rate=learning_rate, ewc_lambda=ewc_lambda, batch_size=32, seed=1)


def test_training_learns_that_returns_carry_over() -> None:
    result = trained(LinearModel())
    assert result.model.skill > 0.01
    assert result.model.weights[0] > 0


def test_ewc_holds_the_weights_near_those_before() -> None:
    first = trained(LinearModel()).model

    def moved(ewc_lambda: float) -> float:
        return math.dist(trained(first, ewc_lambda=ewc_lambda).model.weights, first.weights)

    assert moved(1000) < moved(0) / 5


def test_a_stable_training_may_serve_and_a_diverging_one_may_not() -> None:
    first = trained(LinearModel()).model
    assert instability(trained(first)) is None
    refused = instability(trained(first, learning_rate=0.05))
    assert refused is not None
    assert refused.startswith("ewc_penalty")


@pytest.mark.parametrize(
    ("penalty", "loss", "refused"),
    [
        (EWC_PENALTY_LIMIT, 1.1, None),
        (EWC_PENALTY_LIMIT + 0.01, 1.1, "ewc_penalty 5.01 is above 5"),
        (EWC_PENALTY_LIMIT, 1.11, "validation loss 1.11 is above 1.1"),
    ],
)
def test_the_limits_of_stability(penalty: float, loss: float, refused: str | None) -> None:
    model = LinearModel(validation_loss=loss)
    assert instability(TrainingResult(model=model, loss=1, base_loss=1, ewc_penalty=penalty, gradient_norm=1)) == refused


def test_without_a_model_or_a_clear_regime_the_strategy_is_conservative() -> None:
    assert choose("bull", None) == CONSERVATIVE
    assert choose("volatile", LinearModel()) == CONSERVATIVE
    assert choose("bull", LinearModel()).name == "trend_following"


def test_a_better_model_trades_more() -> None:
    poor, good = LinearModel(validation_loss=1.2), LinearModel(validation_loss=0.6)
    assert choose("bull", poor).size < choose("bull", good).size <= 1


@pytest.mark.parametrize(("expected", "action"), [(0.5, "buy"), (-0.5, "sell"), (0.001, "hold"), (None, "hold")])
def test_the_sign_of_the_expected_return_decides(expected: float | None, action: str) -> None:
    asked = order(SYMBOL, expected, 100.0, Strategy(name="s", size=0.5))
    assert asked.action == action
    assert asked.quantity == (0 if action == "hold" else 5.0)


def test_nothing_is_traded_at_an_unknown_price() -> None:
    assert order(SYMBOL, 0.5, 0.0, CONSERVATIVE).action == "hold"


def asked(action: str, value: float) -> Order:
    return Order.model_validate({"symbol": SYMBOL, "action": action, "quantity": value, "price": 1, "confidence": 1})


@pytest.mark.parametrize(
    ("action", "value", "exposure", "approved"),
    [
        ("buy", 100, 0, True),
        ("buy", 101, 0, False),
        ("buy", 50, 950, True),
        ("buy", 51, 950, False),
        ("sell", 51, 950, True),
        ("sell", 51, -950, False),
        ("sell", 50, 2000, True),
        ("hold", 0, 2000, True),
    ],
)
def test_risk_limits(action: str, value: float, exposure: float, approved: bool) -> None:
    verdict = check_risk(asked(action, value), exposure, Limits(max_order_usd=100, max_exposure_usd=1000))
    assert verdict.approved is approved


def registered(alias: str | None, stage: str | None) -> dict:
    return {
        "aliases": [{"alias": "production", "version": alias}, {"alias": "other", "version": "1"}] if alias else [],
        "latest_versions": [
            {"version": "12", "current_stage": "None"},
            *([{"version": stage, "current_stage": "Production"}] if stage else []),
        ],
    }


@pytest.mark.parametrize(
    ("alias", "stage", "serves"),
    [("10", "10", "10"), ("10", "9", "9"), ("9", "10", "9"), ("10", None, "10"), (None, "9", "9"), (None, None, None)],
)
def test_where_alias_and_stage_differ_the_older_version_serves(alias: str | None, stage: str | None, serves: str | None) -> None:
    assert serving_version(registered(alias, stage)) == serves


def test_a_decision_is_stamped_in_utc() -> None:
    from trading.decision import Decision

    made = Decision(**asked("buy", 1).model_dump(), regime="bull", strategy="s", model_version="1", risk_approved=True)
    assert made.timestamp.tzinfo is UTC
    assert made.timestamp <= datetime.now(UTC)
