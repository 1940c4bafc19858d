"""What travels on the topics. A message that is none of these is skipped and counted."""

from pydantic import AwareDatetime, BaseModel

from trading.decision import Decision


class Price(BaseModel):
    """market_data"""

    symbol: str
    price: float
    timestamp: AwareDatetime


class RegimeEvent(BaseModel):
    """regime_events"""

    symbol: str
    regime: str
    timestamp: AwareDatetime


class StrategyDecision(BaseModel):
    """strategy_decisions"""

    symbol: str
    regime: str
    strategy: str
    size: float
    timestamp: AwareDatetime


class Evidence(BaseModel):
    """forensics_events: a decision with its circumstances."""

    decision: Decision
    features: dict[str, float] | None
    degraded: list[str]
    decision_seconds: float

    @property
    def symbol(self) -> str:
        return self.decision.symbol
