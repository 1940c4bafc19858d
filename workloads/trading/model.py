"""The model: a linear one, trained by mini-batch gradient descent under elastic weight consolidation (EWC).

EWC keeps what earlier training found: loss + lambda/2 * sum(fisher_i * (w_i - anchor_i)^2), the anchor being the weights
before this training (Kirkpatrick et al. 2017).
"""

import math
import random
from collections.abc import Callable, Iterator, Sequence

from pydantic import BaseModel

from trading.market import FEATURES, inputs

NAME = "production_model"
ALIAS = "production"
ARTIFACT = "model/model.json"

Sample = tuple[list[float], float]

EPOCHS = 20
DIVERGED = 1e6
"""Size of a weight at which training stops: it will not come back."""


class LinearModel(BaseModel):
    """Weights, the Fisher information of each, and how it did on rows that it was not trained on.

    baseline_loss: the validation loss of always saying zero; `skill` is measured against it.
    """

    weights: list[float] = [0.0] * len(FEATURES)
    fisher: list[float] = [0.0] * len(FEATURES)
    validation_loss: float = 1.0
    baseline_loss: float = 1.0

    @property
    def skill(self) -> float:
        """Part of the baseline's error that the model removes; below 0 it is worse than saying nothing."""
        return 1 - self.validation_loss / self.baseline_loss if self.baseline_loss > 0 else 0.0

    def predict(self, seen: dict[str, float]) -> float:
        """Expected next return in units of volatility."""
        return _dot(self.weights, inputs(seen))


class TrainingResult(BaseModel):
    """The trained model with the figures of its training.

    base_loss: loss of the model before this training on the same validation rows.
    """

    model: LinearModel
    loss: float
    base_loss: float
    ewc_penalty: float
    gradient_norm: float


def train(
    base: LinearModel, rows: Sequence[Sample], *, learning_rate: float, ewc_lambda: float, batch_size: int, seed: int
) -> TrainingResult:
    """Train on the first four fifths of `rows` (oldest first), validate on the rest."""
    cut = len(rows) * 4 // 5
    training, validation = list(rows[:cut]), rows[cut:]
    shuffle = random.Random(seed).shuffle
    weights = list(base.weights)
    gradient = [0.0] * len(weights)
    for batch in _batches(training, batch_size, shuffle):
        gradient = _gradient(weights, batch)
        weights = [
            w - learning_rate * (g + ewc_lambda * fisher * (w - anchor))
            for w, g, fisher, anchor in zip(weights, gradient, base.fisher, base.weights, strict=True)
        ]
        if max(map(abs, weights)) > DIVERGED:
            break
    penalty = sum(f * (w - a) ** 2 for f, w, a in zip(base.fisher, weights, base.weights, strict=True))
    model = LinearModel(
        weights=weights,
        fisher=_fisher(training),
        validation_loss=_loss(weights, validation),
        baseline_loss=_loss([0.0] * len(weights), validation),
    )
    return TrainingResult(
        model=model,
        loss=_loss(weights, training),
        base_loss=_loss(base.weights, validation),
        ewc_penalty=ewc_lambda / 2 * penalty,
        gradient_norm=math.hypot(*gradient),
    )


EWC_PENALTY_LIMIT = 5.0
"""Most that the weights may have moved, as EWC penalty, in one training."""
LOSS_TOLERANCE = 0.10
"""Part by which the validation loss may exceed that of the model before."""


def instability(result: TrainingResult) -> str | None:
    """Why the trained model must not serve; None when it may."""
    if result.ewc_penalty > EWC_PENALTY_LIMIT:
        return f"ewc_penalty {result.ewc_penalty:.4g} is above {EWC_PENALTY_LIMIT:g}"
    allowed = result.base_loss * (1 + LOSS_TOLERANCE)
    if result.model.validation_loss > allowed:
        return f"validation loss {result.model.validation_loss:.4g} is above {allowed:.4g}"
    return None


def _batches(rows: list[Sample], size: int, shuffle: Callable[[list[Sample]], None]) -> Iterator[Sequence[Sample]]:
    for _ in range(EPOCHS):
        shuffle(rows)
        for start in range(0, len(rows), size):
            yield rows[start : start + size]


def _dot(left: Sequence[float], right: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(left, right, strict=True))


def _loss(weights: Sequence[float], rows: Sequence[Sample]) -> float:
    return sum((_dot(weights, x) - y) ** 2 for x, y in rows) / (2 * max(1, len(rows)))


def _gradient(weights: Sequence[float], rows: Sequence[Sample]) -> list[float]:
    errors = [_dot(weights, x) - y for x, y in rows]
    return [sum(e * x[i] for e, (x, _) in zip(errors, rows, strict=True)) / len(rows) for i in range(len(weights))]


def _fisher(rows: Sequence[Sample]) -> list[float]:
    """Of a linear model with unit noise: the mean square of each input."""
    return [sum(x[i] ** 2 for x, _ in rows) / max(1, len(rows)) for i in range(len(FEATURES))]
