import { stringify } from "yaml";
import type { Scrape, ServiceRow, System } from "../../systems/declaration";
import type { Discovery } from "../discovery";
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
function probeJob(system: System, scrape: Extract<Scrape, { probe: string }>, labels: Record<string, string>) {
  const { blackbox } = system.observability.exporters;
  return {
    metrics_path: "/probe",
    params: { module: [scrape.probe] },
    static_configs: [{ targets: [scrape.target], labels }],
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

function scrapeJob(system: System, service: string, row: ServiceRow & { scrape: Scrape }, discovery: Discovery) {
  const { scrape } = row;
  const { exporters } = system.observability;
  const labels = { system: system.name, service };
  const rest =
    "probe" in scrape
      ? probeJob(system, scrape, labels)
      : {
          ...(scrape.path ? { metrics_path: scrape.path } : {}),
          ...discovery.targets(service, scrape.port, labels),
          // `up` is added after this step and so stays the exporter's own.
          ...("of" in scrape ? { metric_relabel_configs: [{ target_label: "service", replacement: scrape.of }] satisfies Relabeling[] } : {}),
          ...(service === exporters.kubeState && discovery.objects ? { metric_relabel_configs: discovery.objects.relabeling } : {}),
          ...(service === exporters.cadvisor ? { metric_relabel_configs: containerRelabeling(system) } : {}),
        };
  return { job_name: jobName(system, service), ...rest };
}

/** prometheus.yml: a job per service, what containers use, the rule files, Alertmanager. */
export function prometheusConfig(system: System, discovery: Discovery): string {
  const { prometheus, alertmanager } = system.observability;
  const jobs = Object.entries(system.services).flatMap(([service, row]) =>
    row.scrape ? [scrapeJob(system, service, { ...row, scrape: row.scrape }, discovery)] : [],
  );
  return stringify(
    {
      global: { scrape_interval: prometheus.scrapeInterval, scrape_timeout: "10s", evaluation_interval: prometheus.scrapeInterval },
      rule_files: [`${RULES_FOLDER}/*.yml`],
      alerting: { alertmanagers: [{ static_configs: [{ targets: [`${alertmanager.service}:${metricsPort(system, alertmanager.service)}`] }] }] },
      scrape_configs: [...jobs, ...discovery.containerJobs],
    },
    { lineWidth: 0 },
  );
}
