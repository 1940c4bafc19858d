import { booksOf, servicesOf } from "../parts";
import { seconds } from "../parsers/duration";
import { parseYaml } from "../parsers/yaml";
import type { StackRule } from "../rule";

interface PrometheusConfig {
  global?: { scrape_interval?: string; evaluation_interval?: string };
  rule_files?: string[];
  alerting?: { alertmanagers?: object[] };
  scrape_configs?: { job_name?: string; kubernetes_sd_configs?: { role?: string }[] }[];
}

export const rule: StackRule = {
  name: "prometheus-enforce-scrape",
  displayName: "Everything is watched",
  description:
    "Prometheus reads every service of the stack under its own job at the book's interval, evaluates the rule files, and hands alerts to Alertmanager.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Declare how the service is scraped in its row, and leave rule_files and alerting in prometheus.yml as the component writes them.",
  tags: ["runbook", "alerting"],
  validateStack: (args, report) => {
    const services = servicesOf(args, report);
    const watching = booksOf(args).flatMap(book => {
      const server = book.alerting && services.get(book.alerting.prometheus);
      return server ? [{ server, book, alerting: book.alerting! }] : [];
    });
    if (watching.length === 0) args.notApplicable("no Prometheus of a book is in this stack");
    for (const { server, book, alerting } of watching) {
      const { violation } = server;
      const [config] = server.files("prometheus").map(({ content }) => parseYaml(content ?? "") as PrometheusConfig | undefined);
      if (!config) {
        violation("it has no readable config file of kind prometheus", "Give it prometheus.yml as plain text");
        continue;
      }
      const every = `${alerting.everySeconds}s`;
      for (const key of ["scrape_interval", "evaluation_interval"] as const) {
        const found = config.global?.[key];
        if (seconds(found) !== alerting.everySeconds)
          violation(`global.${key} is ${found ?? "not set"}, the book says ${every}`, `Set it to ${every}`);
      }
      // A pattern such as /etc/prometheus/rules/*.yml names the folder of the uploaded files.
      const folders = (config.rule_files ?? []).map(pattern => pattern.replace(/[^/]*$/, ""));
      for (const { path } of server.files("prometheus-rules").filter(file => !folders.includes(file.path.replace(/[^/]*$/, "")))) {
        violation(`rule_files leaves out ${path}, whose alerts never fire`, "Name its folder in rule_files");
      }
      if (services.has(alerting.alertmanager) && !JSON.stringify(config.alerting?.alertmanagers ?? []).includes(`"${alerting.alertmanager}:`)) {
        violation(`alerting.alertmanagers does not name ${alerting.alertmanager}, and nobody is called`, "Name its address there");
      }
      const jobs = new Set((config.scrape_configs ?? []).map(({ job_name: job }) => job));
      // On Docker a service of the table measures the containers; in a cluster the kubelet of each node does.
      const kubelets = (config.scrape_configs ?? []).some(job => job.job_name && job.kubernetes_sd_configs?.some(({ role }) => role === "node"));
      if (server.platform === "kubernetes" && !kubelets) {
        violation("no scrape job reads the kubelets, and no alert about memory, CPU or restarts can fire", "Declare a job of role node");
      }
      for (const name of services.keys()) {
        if (book.rows.some(({ service }) => service === name) && !jobs.has(`${book.system}-${name}`)) {
          violation(`no scrape job ${book.system}-${name} reads ${name}`, `Declare how ${name} is scraped`);
        }
      }
    }
  },
};
