import { DAEMON_SET } from "../../../policies/kubernetes";
import { rule } from "../../../policies/rules/kubernetes-pod-disallow-host-path";
import { deployment, describeObjectRule } from "../support";

function agent(path: string, readOnly: boolean): object {
  const workload = deployment(
    { volumes: [{ name: "host", hostPath: { path } }] },
    { volumeMounts: [{ name: "host", mountPath: `/host${path}`, readOnly }] },
  );
  workload.spec!.template!.metadata!.labels!["app"] = "node-exporter";
  return workload;
}

describeObjectRule(rule, {
  type: DAEMON_SET,
  accepts: {
    "a pod without volumes": deployment(),
    "the exception's path, read-only": agent("/proc", true),
  },
  reports: {
    "a path that no exception has": [agent("/etc", true), "host path /etc is a volume"],
    "a writable path": [agent("/proc", false), "host path /proc is writable"],
  },
});
