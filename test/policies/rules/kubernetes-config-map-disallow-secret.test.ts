import { CONFIG_MAP } from "../../../policies/kubernetes";
import { rule } from "../../../policies/rules/kubernetes-config-map-disallow-secret";
import { UNKNOWN, describeObjectRule } from "../support";

const map = (text: string) => ({ metadata: { name: "loki-loki" }, data: { "first.yaml": "a: b", "loki.yaml": text } });

describeObjectRule(rule, {
  type: CONFIG_MAP,
  accepts: { "plain settings": map("auth_enabled: false"), "what a preview does not know": map(UNKNOWN) },
  reports: {
    "a password": [map("password: hunter2"), "loki.yaml holds a literal password"],
    "a private key": [map("-----BEGIN PRIVATE KEY-----"), "loki.yaml holds a private key"],
  },
});
