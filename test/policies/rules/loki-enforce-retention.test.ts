import { rule } from "../../../policies/rules/loki-enforce-retention";
import { describeFileRule } from "../support";

const loki = (period: string, compactor = "retention_enabled: true, delete_request_store: filesystem") =>
  `limits_config: { retention_period: ${period} }\ncompactor: { ${compactor} }\n`;

describeFileRule(rule, {
  service: "loki",
  kind: "loki",
  accepts: { "thirty days": loki("720h") },
  reports: {
    "a day less": [loki("696h"), "limits_config.retention_period is 696h, the book says 720h"],
    "a day more": [loki("744h"), "limits_config.retention_period is 744h"],
    "a compactor that only compacts": [loki("720h", "delete_request_store: filesystem"), "compactor.retention_enabled is not true"],
    "one without its store": [loki("720h", "retention_enabled: true"), "compactor.delete_request_store is not set"],
    "no YAML": ["{", "it has no readable config file of kind loki"],
  },
});
