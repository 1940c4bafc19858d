import { thresholdRules, type Family } from "./rule";

/** A breaker is half-open for a moment after each minute of being open; the window keeps that from looking like recovery. */
const OPEN = "max_over_time(circuit_breaker_state[2m]) == 2";

/** What the platform's own services report about themselves. */
export const workloads: Family = system => {
  const { circuitBreakersOpen, modelRollbacksPerDay } = system.alerting.thresholds;
  return [
    // Counted over the whole system, reported by service. An open breaker means that something it calls is down.
    ...thresholdRules(system, circuitBreakersOpen, {
      name: "CircuitBreakerOpen",
      wait: "down",
      expr: comparison => `count by (system, service) (${OPEN}) and on (system) (count by (system) (${OPEN}) ${comparison})`,
      summary: "{{ $value }} circuit breakers of {{ $labels.service }} are open",
      description:
        "{{ $labels.service }} has stopped calling {{ $value }} of its dependencies after repeated failures. The number that counts is that of the whole system.",
    }),
    // Rounded, because increase() extrapolates: three rollbacks a day would read 3.0005.
    ...thresholdRules(system, modelRollbacksPerDay, {
      name: "ModelRollbacks",
      expr: comparison => `sum by (system, service) (round(increase(model_rollbacks_total[1d]))) ${comparison}`,
      summary: "{{ $value }} model rollbacks in a day",
      description: "{{ $labels.service }} has rolled a model back {{ $value }} times in the last day.",
    }),
  ];
};
