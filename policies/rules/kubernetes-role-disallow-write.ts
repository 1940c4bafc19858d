import { onKinds } from "../kubernetes";
import type { ResourceRule } from "../rule";

const READ = ["get", "list", "watch"];
const types = ["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"].map(kind => `kubernetes:rbac.authorization.k8s.io/v1:${kind}`);

interface PolicyRule {
  verbs?: string[];
  resources?: string[];
  apiGroups?: string[];
  nonResourceURLs?: string[];
}

export const rule: ResourceRule = {
  name: "kubernetes-role-disallow-write",
  displayName: "Nobody changes the cluster",
  description: "Roles allow to read only, name each resource, and never secrets; a binding gives a role to service accounts of the stack alone.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps: "Allow get, list and watch on named resources; bind the role to a service account.",
  tags: ["hardening"],
  validateResource: onKinds(types, ({ props, violation }) => {
    for (const { verbs = [], resources = [], apiGroups = [], nonResourceURLs = [] } of (props["rules"] ?? []) as PolicyRule[]) {
      for (const verb of verbs.filter(each => !READ.includes(each)))
        violation(`it allows ${verb}, only ${READ.join(", ")} are allowed`, `Remove ${verb}`);
      for (const resource of [...resources, ...apiGroups, ...nonResourceURLs].filter(each => /\*|^secrets\b/.test(each))) {
        violation(`it reaches ${resource}, which is more than any part needs`, "Name what is read");
      }
    }
    const role = props["roleRef"] as { name?: string } | undefined;
    if (role && /^(cluster-admin|admin|edit|system:.*)$/.test(role.name ?? ""))
      violation(`it binds the cluster's own role ${role.name}`, "Bind a role of the stack");
    for (const { kind, name } of (props["subjects"] ?? []) as { kind?: string; name?: string }[]) {
      if (kind !== "ServiceAccount" || name === "default")
        violation(`it binds ${kind ?? "somebody"} ${name ?? ""}, only service accounts of the stack are allowed`, "Bind a service account");
    }
  }),
};
