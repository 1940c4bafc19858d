import { books } from "../books";
import { CONTAINER, configs, containerName, ofType, reporter } from "../docker";
import { parseAlertRules } from "../parsers/alert-rules";
import type { StackRule } from "../rule";

export const rule: StackRule = {
  name: "docker-stack-enforce-backup-alerts",
  displayName: "Alerts about backups",
  description:
    "Where backups are made, Prometheus has the book's alerts about them, in the book's severities and with its limits, and judges each job by the age that the book allows.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps: "Give the alert the book's limit in the declaration's thresholds; when the limit itself changes, change both together.",
  tags: ["data", "backup", "alerting"],
  validateStack: (args, report) => {
    const containers = ofType(args, CONTAINER);
    const names = containers.map(containerName);
    const watched = books.flatMap(({ containerPrefix, backups }) =>
      backups && names.includes(containerPrefix + backups.service) ? [{ containerPrefix, backups }] : [],
    );
    if (watched.length === 0) args.notApplicable("nothing in this stack makes backups");
    const rules = containers.flatMap(({ props }) => configs(props, "prometheus-rules").flatMap(({ content }) => parseAlertRules(content ?? "")));
    for (const { containerPrefix, backups } of watched) {
      const present = (service: string) => names.includes(containerPrefix + service);
      const alerts = backups.alerts.filter(({ name }) => name !== "WalArchivingBehind" || present(backups.archived.service));
      for (const { name, severity, limit } of alerts) {
        const violation = reporter("alert", name, report);
        const found = rules.filter(rule => rule.alert === name && rule.severity === severity);
        if (found.length === 0) {
          violation(
            `no rule file has it as ${severity}`,
            "Declare its threshold, and upload the rule files with the label dev.ultrathink.config.prometheus-rules",
          );
        }
        for (const { expr } of found) {
          const [, actual] = /(\S+ \S+)$/.exec(expr) ?? [];
          if (actual !== limit)
            violation(`as ${severity} it fires at ${actual ?? "nothing"}, the book says ${limit}`, "Set the threshold to the book's limit");
        }
      }
      const ages = backups.jobs.filter(({ of }) => of.every(present)).map(({ maxAge }) => maxAge);
      for (const { expr, severity } of rules.filter(({ alert }) => alert === "BackupTooOld")) {
        for (const age of new Set(ages)) {
          if (!new RegExp(`/ ${age}\\b`).test(expr)) {
            reporter(
              "alert",
              "BackupTooOld",
              report,
            )(`as ${severity} it judges no job by ${age} seconds, which the book allows`, "Set the jobs' maxAge to the book's");
          }
        }
      }
    }
  },
};
