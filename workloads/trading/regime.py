"""Market regimes, told from the features."""

UNKNOWN = "unknown"
REGIMES = ("bull", "bear", "sideways", "volatile")

HIGH_VOLATILITY = 0.002
"""Standard deviation of the return per tick from which a market is volatile."""
TREND = 0.25
"""Mean return in units of volatility from which it is a trend."""


def classify(seen: dict[str, float]) -> str:
    """The regime that the features (market.features) speak of."""
    if seen["volatility"] >= HIGH_VOLATILITY:
        return "volatile"
    trend = seen["drift"] / seen["volatility"]
    if trend >= TREND:
        return "bull"
    return "bear" if trend <= -TREND else "sideways"
