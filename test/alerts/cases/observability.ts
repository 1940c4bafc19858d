import { ladder, type AlertCase, type Fired } from "../case";

const both: Fired["severity"][] = ["warning", "critical"];
const DAY = 86_400;

export const observability: AlertCase[] = [
  ...ladder("CertificateExpiry", {
    // Days left at the 20th minute, when the steps are judged.
    series: days => ({
      'probe_ssl_earliest_cert_expiry{system="ultrathink",service="object-store",instance="https://object-store:9000/health"}': `${days * DAY + 1200}x60`,
    }),
    labels: { service: "object-store" },
    steps: [
      [15, []],
      [14, []],
      [13, ["warning"]],
      [4, ["warning"]],
      [3, ["warning"]],
      [2, both],
    ],
    waits: [
      ["4m", []],
      ["6m", ["critical"]],
      ["11m", both],
    ],
    text: {
      step: 13,
      severity: "warning",
      summary: "Certificate of object-store ends in 13 days",
      description: "The TLS certificate of object-store ends in 13 days; then its clients refuse it. Fires at < 14.",
    },
  }),
  ...ladder("LogLagHigh", {
    // Sixty lines a minute, each so many seconds late.
    series: lag => ({
      'loki_canary_response_latency_seconds_sum{system="ultrathink",service="loki-canary"}': `0+${lag * 60}x60`,
      'loki_canary_response_latency_seconds_count{system="ultrathink",service="loki-canary"}': "0+60x60",
    }),
    labels: { service: "loki-canary" },
    steps: [
      [1, []],
      [29, []],
      [30, []],
      [31, ["warning"]],
    ],
    waits: [
      ["9m", []],
      ["13m", ["warning"]],
    ],
    text: {
      step: 31,
      severity: "warning",
      summary: "Logs arrive 31s late",
      description: "Lines need 31s from being written to being readable in Loki. Fires at > 30.",
    },
  }),
  ...ladder("LogLinesMissing", {
    // Lost between the 10th and the 14th minute.
    series: missing => ({ 'loki_canary_missing_entries_total{system="ultrathink",service="loki-canary"}': `0x9 0+${missing}x4 ${4 * missing}x60` }),
    labels: { service: "loki-canary" },
    at: "24m",
    steps: [
      [0, []],
      [1, ["warning"]],
      [14, ["warning"]],
    ],
    waits: [
      ["15m", []],
      ["40m", []],
    ],
    text: {
      step: 14,
      severity: "warning",
      summary: "Log lines do not reach Loki",
      description: "56 lines of the canary were written in the last 15 minutes and never became readable in Loki.",
    },
  }),
  {
    alert: "Watchdog",
    says: "nothing at all",
    series: { 'up{job="x"}': "0x60" },
    at: "1m",
    fires: [{ severity: "none", service: "prometheus" }],
    text: {
      severity: "none",
      summary: "Alerting works",
      description: "Always firing. The dead man's switch outside calls when this stops arriving.",
    },
  },
];
