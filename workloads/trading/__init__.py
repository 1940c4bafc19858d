"""The domain, free of input and output: prices, regimes, strategies, decisions and the model."""
