"""Strategies: which one a regime asks for, and how much of the base quantity it risks."""

from pydantic import BaseModel

from trading.model import LinearModel

BASE_SIZE = {"bull": ("trend_following", 1.0), "bear": ("short_bias", 0.8), "sideways": ("mean_reversion", 0.6)}


class Strategy(BaseModel):
    name: str
    size: float
    """Multiple of the base order, 0 to 1."""


CONSERVATIVE = Strategy(name="conservative", size=0.25)


def choose(regime: str, model: LinearModel | None) -> Strategy:
    """The strategy for `regime`; smaller the less the model knows, conservative without a model or a clear regime."""
    if model is None or regime not in BASE_SIZE:
        return CONSERVATIVE
    name, size = BASE_SIZE[regime]
    return Strategy(name=name, size=round(size * max(0.1, min(1.0, 0.5 + model.skill)), 3))
