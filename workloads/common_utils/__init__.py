"""What every role shares: settings, logs, metrics, health, circuit breakers and the drivers' thin wrappers."""
