import { NAMESPACE } from "../../../policies/kubernetes";
import { rule } from "../../../policies/rules/kubernetes-namespace-enforce-pod-security";
import { describeObjectRule } from "../support";

function namespace(name: string, level: string | undefined, version = "latest"): object {
  const other = level === "privileged" ? level : "restricted";
  const labels = Object.fromEntries(
    Object.entries({ enforce: level, audit: other, warn: other }).flatMap(([mode, value]) => [
      [`pod-security.kubernetes.io/${mode}`, value],
      [`pod-security.kubernetes.io/${mode}-version`, mode === "enforce" ? version : "latest"],
    ]),
  );
  return { metadata: { name, labels } };
}

describeObjectRule(rule, {
  type: NAMESPACE,
  accepts: {
    "a restricted namespace": namespace("ultrathink", "restricted"),
    "the exception's namespace": namespace("ultrathink-node", "privileged"),
  },
  reports: {
    "one that nothing is enforced in": [namespace("ultrathink", undefined), "enforce is not set, restricted is required"],
    "another level": [namespace("ultrathink", "baseline"), "enforce is baseline, restricted is required"],
    "another version": [namespace("ultrathink", "restricted", "v1.20"), "enforce-version is v1.20, latest is required"],
  },
});
