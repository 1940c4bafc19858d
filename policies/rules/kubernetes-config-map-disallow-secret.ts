import { CONFIG_MAP, onKinds } from "../kubernetes";
import { secretIn } from "../parsers/secret";
import { known } from "../rule";
import type { ResourceRule } from "../rule";

export const rule: ResourceRule = {
  name: "kubernetes-config-map-disallow-secret",
  displayName: "No secret in a ConfigMap",
  description: "No ConfigMap holds what looks like a password, a key or a token: anybody who may read the namespace reads it, and so does the state.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps: "Move the secret into a Secret, and mount it as a file.",
  tags: ["secrets"],
  validateResource: onKinds([CONFIG_MAP], ({ props, violation }) => {
    const data = (props["data"] ?? {}) as Record<string, string>;
    for (const key of Object.keys(data)) {
      // A dashboard only shows; a certificate is not known in a preview.
      const found = secretIn(known(() => data[key]) ?? "");
      if (found) violation(`${key} holds ${found}, which is not allowed`, "Move it into a Secret");
    }
  }),
};
