import { jobName, watchers } from "../environment";
import { oneOf, rule, thresholdRules, type Family } from "./rule";

/** Services that are down, that come and go, or that nobody asks. */
export const availability: Family = system => {
  const watching = watchers(system);
  const present = Object.entries(system.services).filter(([, row]) => row.scrape);
  // `up` of a probed service is the blackbox exporter's, not its own.
  const answering = present.filter(([name, row]) => "port" in row.scrape! && !watching.includes(name)).map(([name]) => jobName(system, name));
  const alive = [
    `up{job=~"${oneOf(answering)}"}`,
    "probe_success",
    ...(system.database ? ["pg_up"] : []),
    ...(Object.keys(system.redis).length > 0 ? ["redis_up"] : []),
  ];
  return [
    rule(system, "critical", "down", {
      name: "ServiceDown",
      expr: `min by (system, service) (${alive.join(" or ")}) == 0`,
      summary: "{{ $labels.service }} is down",
      description: "{{ $labels.service }} does not answer: Prometheus cannot read its metrics, its probe fails, or its exporter cannot reach it.",
    }),
    rule(system, "warning", "down", {
      name: "ExporterDown",
      expr: `min by (system, service) (up{job=~"${oneOf(watching.map(name => jobName(system, name)))}"}) == 0`,
      summary: "{{ $labels.service }} is down, so part of the platform is not watched",
      description: "Prometheus cannot read {{ $labels.service }}. The platform may be well, but alerts that rest on its metrics cannot fire.",
    }),
    rule(system, "warning", "warning", {
      name: "TargetMissing",
      expr: present.map(([name]) => `absent(up{job="${jobName(system, name)}",system="${system.name}",service="${name}"})`).join(" or "),
      summary: "Prometheus has no target for {{ $labels.service }}",
      description: "The scrape job {{ $labels.job }} is declared and has no target, so {{ $labels.service }} can be down without an alert.",
    }),
    // The CPU counter starts anew with the container, whatever runs in it; cAdvisor's start time is that of its creation.
    ...thresholdRules(system, system.alerting.thresholds.restarts, {
      name: "ServiceRestarting",
      wait: "down",
      expr: comparison => `max by (system, service) (resets(container_cpu_usage_seconds_total[15m])) ${comparison}`,
      summary: "{{ $labels.service }} keeps restarting",
      description: "{{ $labels.service }} restarted {{ $value }} times in 15 minutes.",
    }),
  ];
};
