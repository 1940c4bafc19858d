/** A kind of object as the official plugin treats it. */
export interface Kind {
  apiVersion: string;
  kind: string;
  /** Its name in the API's paths. */
  plural: string;
  /** Belongs to no namespace. */
  clusterWide?: boolean;
  /** Fields that the API server refuses to change, as paths; a change of one replaces the object. */
  immutable: string[];
}

const POD_SET = ["spec.selector"];

/** The kinds that the stacks use, by Pulumi's type token. Immutable fields from the plugin's own list (provider/pkg/provider/diff.go) and the API's. */
export const kinds: Record<string, Kind> = {
  "kubernetes:core/v1:Namespace": { apiVersion: "v1", kind: "Namespace", plural: "namespaces", clusterWide: true, immutable: [] },
  "kubernetes:core/v1:ConfigMap": { apiVersion: "v1", kind: "ConfigMap", plural: "configmaps", immutable: [] },
  "kubernetes:core/v1:Secret": { apiVersion: "v1", kind: "Secret", plural: "secrets", immutable: ["type"] },
  "kubernetes:core/v1:Service": { apiVersion: "v1", kind: "Service", plural: "services", immutable: ["spec.clusterIP"] },
  "kubernetes:core/v1:ServiceAccount": { apiVersion: "v1", kind: "ServiceAccount", plural: "serviceaccounts", immutable: [] },
  "kubernetes:apps/v1:Deployment": { apiVersion: "apps/v1", kind: "Deployment", plural: "deployments", immutable: POD_SET },
  "kubernetes:apps/v1:DaemonSet": { apiVersion: "apps/v1", kind: "DaemonSet", plural: "daemonsets", immutable: POD_SET },
  "kubernetes:apps/v1:StatefulSet": {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    plural: "statefulsets",
    immutable: [...POD_SET, "spec.podManagementPolicy", "spec.serviceName", "spec.volumeClaimTemplates"],
  },
  "kubernetes:batch/v1:Job": {
    apiVersion: "batch/v1",
    kind: "Job",
    plural: "jobs",
    immutable: ["spec.selector", "spec.template", "spec.completionMode"],
  },
  "kubernetes:batch/v1:CronJob": { apiVersion: "batch/v1", kind: "CronJob", plural: "cronjobs", immutable: [] },
  "kubernetes:autoscaling/v2:HorizontalPodAutoscaler": {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    plural: "horizontalpodautoscalers",
    immutable: [],
  },
  "kubernetes:policy/v1:PodDisruptionBudget": { apiVersion: "policy/v1", kind: "PodDisruptionBudget", plural: "poddisruptionbudgets", immutable: [] },
  "kubernetes:networking.k8s.io/v1:NetworkPolicy": {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    plural: "networkpolicies",
    immutable: [],
  },
  "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute": {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    plural: "httproutes",
    immutable: [],
  },
  "kubernetes:scheduling.k8s.io/v1:PriorityClass": {
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    plural: "priorityclasses",
    clusterWide: true,
    immutable: ["value", "preemptionPolicy"],
  },
  "kubernetes:rbac.authorization.k8s.io/v1:Role": { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", plural: "roles", immutable: [] },
  "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding": {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    plural: "rolebindings",
    immutable: ["roleRef"],
  },
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole": {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    plural: "clusterroles",
    clusterWide: true,
    immutable: [],
  },
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding": {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    plural: "clusterrolebindings",
    clusterWide: true,
    immutable: ["roleRef"],
  },
};
