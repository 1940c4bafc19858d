import { rule, thresholdRules, type Family } from "./rule";

/** Certificates, the log pipeline, and the alerting itself. */
export const observability: Family = system => {
  const { certificateDays, logLagSeconds } = system.alerting.thresholds;
  return [
    ...thresholdRules(system, certificateDays, {
      name: "CertificateExpiry",
      expr: comparison => `min by (system, service) (probe_ssl_earliest_cert_expiry - time()) / 86400 ${comparison}`,
      summary: "Certificate of {{ $labels.service }} ends in {{ $value | humanize }} days",
      description: "The TLS certificate of {{ $labels.service }} ends in {{ $value | humanize }} days; then its clients refuse it.",
    }),
    // Loki has no metric for it: loki-canary writes a line a second and waits for it to come back.
    ...thresholdRules(system, logLagSeconds, {
      name: "LogLagHigh",
      expr: comparison =>
        "sum by (system, service) (rate(loki_canary_response_latency_seconds_sum[5m]))" +
        ` / sum by (system, service) (rate(loki_canary_response_latency_seconds_count[5m])) ${comparison}`,
      summary: "Logs arrive {{ $value | humanizeDuration }} late",
      description: "Lines need {{ $value | humanizeDuration }} from being written to being readable in Loki.",
    }),
    // The lag is measured on lines that arrive; a pipeline that stands still shows only here.
    rule(system, "warning", "warning", {
      name: "LogLinesMissing",
      expr: "sum by (system, service) (increase(loki_canary_missing_entries_total[15m])) > 0",
      summary: "Log lines do not reach Loki",
      description: "{{ $value | humanize }} lines of the canary were written in the last 15 minutes and never became readable in Loki.",
    }),
    {
      name: "Watchdog",
      severity: "none",
      priority: "none",
      expr: "vector(1)",
      for: "0s",
      service: system.observability.prometheus.service,
      summary: "Alerting works",
      description: "Always firing. The dead man's switch outside calls when this stops arriving.",
    },
  ];
};
