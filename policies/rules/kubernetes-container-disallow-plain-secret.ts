import { onPodContainers } from "../kubernetes";
import { secretIn, secretKey } from "../parsers/secret";
import type { ResourceRule } from "../rule";

export const rule: ResourceRule = {
  name: "kubernetes-container-disallow-plain-secret",
  displayName: "No secret in the open",
  description:
    "No secret stands in a container's environment, arguments or probes, whether written there or taken from a Secret object; a secret is a file, and the environment names the file.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps: "Mount the secret as a file under /run/secrets, and give the service the file's path, by a *_FILE variable where it has one.",
  tags: ["secrets"],
  validateResource: onPodContainers(({ container, violation }) => {
    const mend = "Mount it as a file under /run/secrets and pass the file's path";
    if ((container.envFrom ?? []).length > 0) violation("envFrom fills its environment from an object, which is not allowed", mend);
    // Messages name the place and never the value: the pack sees secrets in plain text.
    for (const { name, value = "", valueFrom } of container.env ?? []) {
      const sort = secretKey(name);
      if (valueFrom?.secretKeyRef) violation(`environment variable ${name} is taken from a Secret, which is not allowed`, mend);
      else if (sort === "secret")
        violation(`environment variable ${name} is a secret by its name, only a *_FILE variable with a path is allowed`, mend);
      else if (sort === "file" && !value.startsWith("/"))
        violation(`environment variable ${name} names a file and its value is not an absolute path`, mend);
      else if (secretIn(value)) violation(`environment variable ${name} holds ${secretIn(value)}, which is not allowed`, mend);
    }
    const probes = [container.startupProbe, container.readinessProbe, container.livenessProbe].flatMap(probe => probe?.exec?.command ?? []);
    for (const [place, words] of Object.entries({ command: container.command, args: container.args, "a probe": probes })) {
      const found = secretIn((words ?? []).join(" "));
      if (found) violation(`${place} holds ${found}, which is not allowed`, mend);
    }
  }),
};
