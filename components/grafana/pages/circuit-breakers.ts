import { present, type PageOf } from "../page";
import { logs, stat, stateTimeline, timeseries, type State } from "../panel";
import { matching, promql } from "../query";

/** Values of `circuit_breaker_state`. */
const breaker: State[] = [
  { value: 0, text: "closed", color: "green" },
  { value: 1, text: "half-open", color: "yellow" },
  { value: 2, text: "open", color: "red" },
];

const dependency: State[] = [
  { value: 0, text: "failed", color: "red" },
  { value: 1, text: "passed", color: "green" },
];

/** Which service has stopped calling which dependency, since when, and what it reports of its health. */
export const circuitBreakers: PageOf = system => {
  const services = present(system, ...Object.keys(system.workloads));
  if (services.length === 0) return undefined;
  const all = matching(system);
  const { circuitBreakersOpen } = system.alerting.thresholds;
  const open = `count(circuit_breaker_state${all} == 2) or vector(0)`;
  return {
    slug: "circuit-breakers",
    title: "Circuit breakers",
    rows: [
      {
        title: "Breakers",
        panels: [
          stat("Open", "short", promql(open), { threshold: circuitBreakersOpen, alert: "CircuitBreakerOpen", width: 8 }),
          stat("Half-open", "short", promql(`count(circuit_breaker_state${all} == 1) or vector(0)`), { width: 8 }),
          stat("Closed", "short", promql(`count(circuit_breaker_state${all} == 0) or vector(0)`), { width: 8 }),
          stateTimeline("State", breaker, promql(`max by (service, name) (circuit_breaker_state${all})`, "{{service}} to {{name}}"), {
            width: 24,
            height: 16,
            alert: "CircuitBreakerOpen",
          }),
          timeseries("Open", "short", promql(open, "open"), { width: 24, threshold: circuitBreakersOpen, alert: "CircuitBreakerOpen" }),
        ],
      },
      {
        title: "Health as the services report it",
        panels: [
          stateTimeline("Checks", dependency, promql(`min by (service, check) (health_check_status${all})`, "{{service}}: {{check}}"), {
            width: 24,
            height: 16,
          }),
        ],
      },
      { title: "Logs", panels: [logs(system, services)] },
    ],
  };
};
