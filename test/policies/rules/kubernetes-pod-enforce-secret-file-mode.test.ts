import { DEPLOYMENT } from "../../../policies/kubernetes";
import { rule } from "../../../policies/rules/kubernetes-pod-enforce-secret-file-mode";
import { deployment, describeObjectRule } from "../support";

function secret({
  mode = 0o400,
  mounts = "copy",
  medium = "Memory",
  readOnly = true,
}: { mode?: number | null; mounts?: string; medium?: string; readOnly?: boolean } = {}) {
  return deployment(
    {
      volumes: [
        { name: "source", secret: { secretName: "data-service-secrets", defaultMode: mode ?? undefined } },
        { name: "copy", emptyDir: { medium } },
      ],
    },
    { volumeMounts: [{ name: mounts, mountPath: "/run/secrets", readOnly }] },
  );
}

describeObjectRule(rule, {
  type: DEPLOYMENT,
  accepts: {
    "a pod without secrets": deployment(),
    "a copy in memory": secret(),
  },
  reports: {
    "files that a group may read": [secret({ mode: 0o440 }), "volume source has mode 0440, 0400 is required"],
    "the default mode": [secret({ mode: null }), "volume source has mode 0644 by default"],
    "the Secret in the service itself": [secret({ mounts: "source" }), "mounts the Secret itself"],
    "a copy on the node's disk": [secret({ medium: "" }), "volume copy keeps secrets on the node's disk"],
    "a writable copy": [secret({ readOnly: false }), "volume copy is writable"],
  },
});
