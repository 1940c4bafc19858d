import { books } from "../books";
import { onKinds } from "../kubernetes";
import type { ResourceRule } from "../rule";

const READ = ["get", "list", "watch"];
/** Everything, and what nobody reads by the API. */
const TOO_MUCH = /\*|^secrets\b/;
const types = ["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"].map(kind => `kubernetes:rbac.authorization.k8s.io/v1:${kind}`);

interface PolicyRule {
  verbs?: string[];
  resources?: string[];
  apiGroups?: string[];
  nonResourceURLs?: string[];
}

/** What the books let the part that a role is for do, by resource. One that goes for the whole cluster has the system's name before the part's. */
function grantedTo(role: string): Record<string, string> {
  const grants = books.flatMap(({ system, tokens = {} }) =>
    Object.entries(tokens).flatMap(([part, granted]) => (role === part || role === `${system}-${part}` ? [granted] : [])),
  );
  return grants[0] ?? {};
}

export const rule: ResourceRule = {
  name: "kubernetes-role-disallow-write",
  displayName: "Nobody changes the cluster",
  description:
    "Roles allow to read only, name each resource, never secrets, and nothing that the book does not give the part; a binding gives a role to service accounts of the stack alone.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps: "Allow get, list and watch on the resources that the book names for the part; bind the role to a service account.",
  tags: ["hardening"],
  validateResource: onKinds(types, ({ name: roleName, props, violation }) => {
    for (const { verbs = [], resources = [], apiGroups = [], nonResourceURLs = [] } of (props["rules"] ?? []) as PolicyRule[]) {
      for (const verb of verbs.filter(each => !READ.includes(each)))
        violation(`it allows ${verb}, only ${READ.join(", ")} are allowed`, `Remove ${verb}`);
      for (const resource of [...resources, ...apiGroups, ...nonResourceURLs].filter(each => TOO_MUCH.test(each))) {
        violation(`it reaches ${resource}, which is more than any part needs`, "Name what is read");
      }
      for (const resource of apiGroups
        .flatMap(group => resources.map(each => (group ? `${each}.${group}` : each)))
        .filter(each => !TOO_MUCH.test(each))) {
        const granted = (grantedTo(roleName)[resource] ?? "").split(" ");
        const more = verbs.filter(verb => READ.includes(verb) && !granted.includes(verb));
        if (more.length > 0) violation(`it allows ${more.join(", ")} of ${resource}, which no book gives ${roleName}`, `Remove ${resource} from it`);
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
