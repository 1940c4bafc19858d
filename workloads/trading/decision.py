"""Trading decisions and the risk check."""

import math
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID, uuid4

from pydantic import AwareDatetime, BaseModel, Field

from trading.strategy import Strategy

Action = Literal["buy", "sell", "hold"]

ORDER_USD = 1_000.0
"""Size of an order at a strategy size of 1."""
SIGNAL = 0.005
"""Expected return, in units of volatility, below which nothing is done."""


class Order(BaseModel):
    """What is put before the risk manager."""

    symbol: str
    action: Action
    quantity: float = Field(ge=0)
    price: float = Field(ge=0)
    confidence: float = Field(ge=0, le=1)


class Decision(Order):
    """A row of trading_decisions."""

    decision_id: UUID = Field(default_factory=uuid4)
    timestamp: AwareDatetime = Field(default_factory=lambda: datetime.now(UTC))
    regime: str
    strategy: str
    model_version: str
    risk_approved: bool


def order(symbol: str, expected: float | None, price: float, strategy: Strategy) -> Order:
    """The order that an expected return (in units of volatility) asks for; without one, hold."""
    if expected is None or price <= 0:
        return Order(symbol=symbol, action="hold", quantity=0, price=price, confidence=0)
    confidence = round(math.tanh(abs(expected)), 4)
    if abs(expected) < SIGNAL:
        return Order(symbol=symbol, action="hold", quantity=0, price=price, confidence=confidence)
    return Order(
        symbol=symbol,
        action="buy" if expected > 0 else "sell",
        quantity=round(ORDER_USD * strategy.size / price, 8),
        price=price,
        confidence=confidence,
    )


class Limits(BaseModel):
    """Limits of one symbol, in US dollars."""

    max_order_usd: float = 5_000
    max_exposure_usd: float = 50_000


class Verdict(BaseModel):
    approved: bool
    reason: str
    exposure_usd: float


def check_risk(asked: Order, exposure_usd: float, limits: Limits) -> Verdict:
    """Whether the order may be placed: exposure is the signed value of what was approved lately."""
    value = asked.quantity * asked.price
    sign = {"buy": 1, "sell": -1, "hold": 0}[asked.action]
    after = exposure_usd + sign * value
    if value > limits.max_order_usd:
        reason = f"order of {value:.2f} USD is above {limits.max_order_usd:.2f}"
    elif abs(after) > limits.max_exposure_usd and abs(after) > abs(exposure_usd):
        reason = f"exposure would be {after:.2f} USD, beyond {limits.max_exposure_usd:.2f}"
    else:
        return Verdict(approved=True, reason="within limits", exposure_usd=after)
    return Verdict(approved=False, reason=reason, exposure_usd=exposure_usd)
