import { rule } from "../../../policies/rules/kubernetes-role-disallow-write";
import { describeObjectRule } from "../support";

const role = (rule: object) => ({ metadata: { name: "prometheus" }, rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"], ...rule }] });
const binding = (roleRef: object, subject: object) => ({ metadata: { name: "prometheus" }, roleRef, subjects: [subject] });
const account = { kind: "ServiceAccount", name: "prometheus" };

describeObjectRule(rule, {
  type: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
  accepts: {
    "what reads pods": role({ verbs: ["get", "list", "watch"] }),
    "what reads another group's objects": {
      ...role({ apiGroups: ["apps"], resources: ["deployments"], verbs: ["list", "watch"] }),
      metadata: { name: "kube-state-metrics" },
    },
    "a role in the whole cluster": { ...role({ resources: ["nodes"], verbs: ["list"] }), metadata: { name: "ultrathink-prometheus" } },
    "a binding of a role of the stack": binding({ name: "ultrathink-prometheus" }, account),
  },
  reports: {
    "a verb that writes": [role({ verbs: ["get", "patch"] }), "it allows patch"],
    "every verb": [role({ verbs: ["*"] }), "it allows *"],
    "every resource": [role({ resources: ["*"] }), "it reaches *"],
    "a resource that the book does not give": [role({ resources: ["configmaps"] }), "it allows get of configmaps, which no book gives prometheus"],
    "a verb that the book does not give": [
      { ...role({ verbs: ["get", "list"] }), metadata: { name: "kube-state-metrics" } },
      "it allows get of pods, which no book gives kube-state-metrics",
    ],
    "a resource of the same name in another group": [
      { ...role({ apiGroups: ["extensions"], resources: ["deployments"], verbs: ["list"] }), metadata: { name: "kube-state-metrics" } },
      "it allows list of deployments.extensions, which no book gives kube-state-metrics",
    ],
    "the role of a part that asks for nothing": [
      { ...role({}), metadata: { name: "grafana" } },
      "it allows get of pods, which no book gives grafana",
    ],
    secrets: [role({ resources: ["secrets"] }), "it reaches secrets"],
    "the cluster's own role": [binding({ name: "cluster-admin" }, account), "it binds the cluster's own role cluster-admin"],
    "a group": [binding({ name: "own" }, { kind: "Group", name: "system:authenticated" }), "it binds Group system:authenticated"],
    "the account of everything": [binding({ name: "own" }, { kind: "ServiceAccount", name: "default" }), "it binds ServiceAccount default"],
  },
});
