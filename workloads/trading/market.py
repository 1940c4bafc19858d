"""Synthetic market data: seeded random walks whose next return really depends on the last, so that there is something to learn."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, pstdev

START_PRICES = {"BTC-USD": 60_000.0, "ETH-USD": 3_000.0, "SOL-USD": 150.0}
SYMBOLS = tuple(START_PRICES)

WINDOW = 20
"""Prices before the newest one that the features look back on."""

MOMENTUM = 0.35
"""Part of a return that carries over into the next one."""


@dataclass(frozen=True)
class Weather:
    """A hidden state of the market, per tick: drift and volatility of the return."""

    drift: float
    volatility: float


WEATHER = (Weather(0.0004, 0.0008), Weather(-0.0004, 0.0008), Weather(0.0, 0.0005), Weather(0.0, 0.003))
WEATHER_CHANGE = 1 / 60
"""Chance per tick that another state begins."""


PULL = 0.0005
"""Part of the distance to the start price that a tick takes back, so that prices stay in their range for years."""


class RandomWalk:
    """Prices of one symbol; the same seed and price give the same prices."""

    def __init__(self, seed: str, symbol: str, price: float | None = None) -> None:
        self._random = random.Random(seed)
        self._start = START_PRICES[symbol]
        self._price = price or self._start
        self._last_return = 0.0
        self._weather = self._random.choice(WEATHER)

    def step(self) -> float:
        """The next price."""
        if self._random.random() < WEATHER_CHANGE:
            self._weather = self._random.choice(WEATHER)
        noise = self._random.gauss(self._weather.drift, self._weather.volatility)
        pull = PULL * math.log(self._start / self._price)
        self._last_return = MOMENTUM * self._last_return + noise + pull
        self._price *= math.exp(self._last_return)
        return self._price


FEATURES = ("return_1", "momentum_5", "reversion_20")
"""What the model sees, each in units of the recent volatility."""


def features(prices: Sequence[float]) -> dict[str, float] | None:
    """Features at the newest of `prices` (oldest first); None when there are fewer than WINDOW + 1."""
    if len(prices) <= WINDOW:
        return None
    recent = prices[-WINDOW - 1 :]
    returns = [math.log(after / before) for before, after in pairwise(recent)]
    volatility = pstdev(returns) or 1e-9
    return {
        "price": recent[-1],
        "volatility": volatility,
        "drift": fmean(returns),
        "return_1": _bounded(returns[-1] / volatility),
        "momentum_5": _bounded(fmean(returns[-5:]) / volatility),
        "reversion_20": _bounded(math.log(fmean(recent) / recent[-1]) / (volatility * math.sqrt(WINDOW))),
    }


def samples(prices: Sequence[float]) -> list[tuple[list[float], float]]:
    """Training samples: the model's inputs at each price, and the return that followed, in units of volatility."""
    result = []
    for end in range(WINDOW + 1, len(prices)):
        seen = features(prices[:end])
        if seen:
            followed = math.log(prices[end] / prices[end - 1]) / seen["volatility"]
            result.append((inputs(seen), _bounded(followed)))
    return result


def inputs(seen: dict[str, float]) -> list[float]:
    """The model's input vector."""
    return [seen[name] for name in FEATURES]


def _bounded(value: float) -> float:
    return max(-5.0, min(5.0, value))
