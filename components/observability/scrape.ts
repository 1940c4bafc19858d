import { stringify } from "yaml";
import type { Scrape, ServiceRow, System } from "../../systems/declaration";
import { jobName, metricsPort } from "./environment";

export const RULES_FOLDER = "/etc/prometheus/rules";

interface Relabeling {
  source_labels?: string[];
  regex?: string;
  target_label?: string;
  replacement?: string;
  action?: "replace" | "drop" | "labeldrop";
}

/** A probed service: the blackbox exporter is asked, with the service's address as parameter. */
function probeJob(system: System, scrape: Extract<Scrape, { probe: string }>) {
  const { blackbox } = system.observability.exporters;
  return {
    metrics_path: "/probe",
    params: { module: [scrape.probe] },
    targets: [scrape.target],
    relabel_configs: [
      { source_labels: ["__address__"], target_label: "__param_target" },
      { source_labels: ["__param_target"], target_label: "instance" },
      { target_label: "__address__", replacement: `${blackbox}:${metricsPort(system, blackbox)}` },
    ] satisfies Relabeling[],
  };
}

/** cAdvisor names containers; their series belong to the services, and those of other containers on the machine to nobody here. */
function containerRelabeling(system: System): Relabeling[] {
  return [
    { source_labels: ["__name__"], regex: "container_.+", target_label: "service", replacement: "" },
    { source_labels: ["__name__", "name"], regex: `container_.+;${system.containerPrefix}(.+)`, target_label: "service", replacement: "$1" },
    { source_labels: ["__name__", "service"], regex: "container_.+;", action: "drop" },
    // They change with every new container; without them a service's counters go on under one name.
    { regex: "id|image", action: "labeldrop" },
  ];
}

function scrapeJob(system: System, service: string, row: ServiceRow & { scrape: Scrape }) {
  const { scrape } = row;
  const { exporters } = system.observability;
  const { targets, ...rest } =
    "probe" in scrape
      ? probeJob(system, scrape)
      : {
          ...(scrape.path ? { metrics_path: scrape.path } : {}),
          targets: [`${service}:${scrape.port}`],
          // `up` is added after this step and so stays the exporter's own.
          ...("of" in scrape ? { metric_relabel_configs: [{ target_label: "service", replacement: scrape.of }] satisfies Relabeling[] } : {}),
          ...(service === exporters.cadvisor ? { metric_relabel_configs: containerRelabeling(system) } : {}),
        };
  return { job_name: jobName(system, service), ...rest, static_configs: [{ targets, labels: { system: system.name, service } }] };
}

/** prometheus.yml: a job per service, the rule files, Alertmanager. */
export function prometheusConfig(system: System): string {
  const { prometheus, alertmanager } = system.observability;
  const jobs = Object.entries(system.services).flatMap(([service, row]) =>
    row.scrape ? [scrapeJob(system, service, { ...row, scrape: row.scrape })] : [],
  );
  return stringify(
    {
      global: { scrape_interval: prometheus.scrapeInterval, scrape_timeout: "10s", evaluation_interval: prometheus.scrapeInterval },
      rule_files: [`${RULES_FOLDER}/*.yml`],
      alerting: { alertmanagers: [{ static_configs: [{ targets: [`${alertmanager.service}:${metricsPort(system, alertmanager.service)}`] }] }] },
      scrape_configs: jobs,
    },
    { lineWidth: 0 },
  );
}
