import { ladder, type AlertCase, type Fired } from "../case";

const both: Fired["severity"][] = ["warning", "critical"];
const breaker = (service: string, name: string) => `circuit_breaker_state{system="ultrathink",service="${service}",name="${name}"}`;

export const workloads: AlertCase[] = [
  ...ladder("CircuitBreakerOpen", {
    series: open =>
      Object.fromEntries(
        ["data_service", "risk_manager", "kafka", "mlflow"].map((name, index) => [breaker("inference-service", name), `${index < open ? 2 : 0}x60`]),
      ),
    labels: { service: "inference-service" },
    steps: [
      [0, []],
      [1, ["warning"]],
      [2, both],
      [3, both],
    ],
    waits: [
      ["1m", []],
      ["3m", both],
    ],
    text: {
      step: 1,
      severity: "warning",
      summary: "1 circuit breakers of inference-service are open",
      description:
        "inference-service has stopped calling 1 of its dependencies after repeated failures. The number that counts is that of the whole system. Fires at >= 1.",
    },
  }),
  {
    alert: "CircuitBreakerOpen",
    says: "one breaker open in each of two services",
    series: {
      [breaker("data-service", "timescaledb")]: "2x60",
      [breaker("risk-manager", "timescaledb")]: "2x60",
      [breaker("inference-service", "kafka")]: "0x60",
    },
    at: "5m",
    fires: both.flatMap(severity => [
      { severity, service: "data-service" },
      { severity, service: "risk-manager" },
    ]),
  },
  {
    alert: "CircuitBreakerOpen",
    says: "open for a minute, half-open, open again",
    series: { [breaker("inference-service", "data_service")]: "2 1 2 1 2 1 2 1 2 1 2" },
    at: "9m",
    fires: [{ severity: "warning", service: "inference-service" }],
  },
  { alert: "CircuitBreakerOpen", says: "only half-open", series: { [breaker("inference-service", "data_service")]: "1x60" }, at: "20m", fires: [] },
  {
    alert: "CircuitBreakerOpen",
    says: "closed again",
    series: { [breaker("inference-service", "data_service")]: "2 2 2 2 2 0x20" },
    at: "12m",
    fires: [],
  },
  ...ladder("ModelRollbacks", {
    // Five before, none of them today: from a counter that is not 0, increase() extrapolates beyond the true number.
    series: count => ({ 'model_rollbacks_total{system="ultrathink",service="training-orchestrator"}': `5x780 ${5 + count}x780` }),
    labels: { service: "training-orchestrator" },
    at: "25h",
    steps: [
      [0, []],
      [1, ["warning"]],
      [2, ["warning"]],
      [3, ["warning"]],
      [4, both],
    ],
    waits: [
      ["13h4m", []],
      ["13h8m", ["critical"]],
      ["13h15m", both],
    ],
    text: {
      step: 3,
      severity: "warning",
      summary: "3 model rollbacks in a day",
      description: "training-orchestrator has rolled a model back 3 times in the last day. Fires at >= 1.",
    },
  }),
  {
    alert: "ModelRollbacks",
    says: "a rollback of the day before yesterday",
    series: { 'model_rollbacks_total{system="ultrathink",service="training-orchestrator"}': "0x10 1x1600" },
    at: "25h",
    fires: [],
  },
];
