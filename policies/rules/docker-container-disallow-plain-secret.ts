import { onContainers } from "../docker";
import { secretIn, secretKey } from "../parsers/secret";
import type { ResourceRule } from "../rule";

export const rule: ResourceRule = {
  name: "docker-container-disallow-plain-secret",
  displayName: "No secret in the open",
  description:
    "No secret stands in a container's environment, arguments, labels or health check, where docker inspect shows it; a secret is a file, and the environment names the file.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Upload the secret as a file under /run/secrets with mode 0400 and give the service the file's path, by a *_FILE variable where it has one.",
  tags: ["secrets"],
  validateResource: onContainers(({ props, violation }) => {
    const mend = "Upload it as a file under /run/secrets and pass the file's path";
    // Messages name the place and never the value: the pack sees secrets in plain text.
    for (const entry of props.envs ?? []) {
      const at = entry.indexOf("=");
      const [key, value] = at < 0 ? [entry, ""] : [entry.slice(0, at), entry.slice(at + 1)];
      const sort = secretKey(key);
      if (sort === "secret") violation(`environment variable ${key} is a secret by its name, only a *_FILE variable with a path is allowed`, mend);
      else if (sort === "file" && !value.startsWith("/"))
        violation(`environment variable ${key} names a file and its value is not an absolute path`, mend);
      else if (secretIn(value)) violation(`environment variable ${key} holds ${secretIn(value)}, which is not allowed`, mend);
    }
    const places = { entrypoints: props.entrypoints, command: props.command, "healthcheck.tests": props.healthcheck?.tests };
    for (const [place, words] of Object.entries(places)) {
      const found = secretIn((words ?? []).join(" "));
      if (found) violation(`${place} holds ${found}, which is not allowed`, mend);
    }
    for (const { label, value } of props.labels ?? []) {
      if (secretKey(label.replace(/[^a-z]+/gi, "_").toUpperCase()) === "secret" || secretIn(value))
        violation(`label ${label} looks like a secret, which is not allowed`, mend);
    }
  }),
};
