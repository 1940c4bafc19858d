import { DEPLOYMENT } from "../../../policies/kubernetes";
import { rule } from "../../../policies/rules/kubernetes-container-disallow-plain-secret";
import { deployment, describeObjectRule, pod } from "../support";

describeObjectRule(rule, {
  type: DEPLOYMENT,
  accepts: {
    "a path of a secret file": deployment(),
    "a plain setting": deployment({}, { env: [{ name: "BATCH_SIZE", value: "16" }] }),
  },
  reports: {
    "an environment from an object": [deployment({}, { envFrom: [{ secretRef: { name: "x" } }] }), "envFrom fills its environment"],
    "a variable from a Secret": [deployment({}, { env: [{ name: "X", valueFrom: { secretKeyRef: {} } }] }), "X is taken from a Secret"],
    "a password": [deployment({}, { env: [{ name: "DATABASE_PASSWORD", value: "x" }] }), "DATABASE_PASSWORD is a secret by its name"],
    "a file variable without a path": [
      deployment({}, { env: [{ name: "PASSWORD_FILE", value: "x" }] }),
      "PASSWORD_FILE names a file and its value is not an absolute path",
    ],
    "a password in a URL": [deployment({}, { env: [{ name: "DATABASE", value: "postgres://u:p@h/d" }] }), "DATABASE holds a URL with a password"],
    "a password argument": [deployment({}, { args: ["--password", "x"] }), "args holds a literal password"],
    "a password in a probe": [
      deployment({}, { readinessProbe: { ...pod().readinessProbe, exec: { command: ["redis-cli", "--password", "x"] } } }),
      "a probe holds a literal password",
    ],
  },
});
