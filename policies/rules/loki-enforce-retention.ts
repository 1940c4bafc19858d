import { onParts } from "../parts";
import { seconds } from "../parsers/duration";
import { parseYaml } from "../parsers/yaml";
import type { StackRule } from "../rule";

interface LokiConfig {
  auth_enabled?: boolean;
  compactor?: { retention_enabled?: boolean; delete_request_store?: string };
  limits_config?: { retention_period?: string };
}

export const rule: StackRule = {
  name: "loki-enforce-retention",
  displayName: "Logs are kept, and deleted in time",
  description: "Loki keeps lines for the book's hours, and its compactor really deletes them then; without it they stay for ever.",
  severity: "medium",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Set limits_config.retention_period to the book's hours, compactor.retention_enabled to true, and name compactor.delete_request_store.",
  tags: ["runbook", "retention"],
  validateStack: onParts(
    ({ name, task, book }) => !task && name === book?.retention?.logs.service,
    "no Loki of a book is in this stack",
    ({ files, book, violation }) => {
      const { hours } = book!.retention!.logs;
      const [config] = files("loki").map(({ content }) => parseYaml(content ?? "") as LokiConfig | undefined);
      if (!config) {
        violation("it has no readable config file of kind loki", "Give it loki.yaml as plain text");
        return;
      }
      const period = config.limits_config?.retention_period;
      if (seconds(period) !== hours * 3600) {
        violation(`limits_config.retention_period is ${period ?? "not set"}, the book says ${hours}h`, `Set it to ${hours}h`);
      }
      if (config.compactor?.retention_enabled !== true) {
        violation("compactor.retention_enabled is not true, and nothing is ever deleted", "Set it to true");
      }
      if (!config.compactor?.delete_request_store)
        violation("compactor.delete_request_store is not set, and Loki does not start", "Set it to filesystem");
    },
  ),
};
