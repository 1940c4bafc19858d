/** A kind of object as the official plugin treats it. */
export interface Kind {
  apiVersion: string;
  kind: string;
  /** Belongs to no namespace. */
  clusterWide?: boolean;
  /** Fields that the API server refuses to change, as paths; a change of one replaces the object. */
  immutable: string[];
}

const POD_SET = ["spec.selector"];

/** The kinds that the stacks use, by Pulumi's type token. Immutable fields from the plugin's own list (provider/pkg/provider/diff.go) and the API's. */
export const kinds: Record<string, Kind> = {
  "kubernetes:core/v1:Namespace": { apiVersion: "v1", kind: "Namespace", clusterWide: true, immutable: [] },
  "kubernetes:core/v1:ConfigMap": { apiVersion: "v1", kind: "ConfigMap", immutable: [] },
  "kubernetes:core/v1:Secret": { apiVersion: "v1", kind: "Secret", immutable: ["type"] },
  "kubernetes:core/v1:Service": { apiVersion: "v1", kind: "Service", immutable: ["spec.clusterIP"] },
  "kubernetes:core/v1:ServiceAccount": { apiVersion: "v1", kind: "ServiceAccount", immutable: [] },
  "kubernetes:apps/v1:Deployment": { apiVersion: "apps/v1", kind: "Deployment", immutable: POD_SET },
  "kubernetes:apps/v1:DaemonSet": { apiVersion: "apps/v1", kind: "DaemonSet", immutable: POD_SET },
  "kubernetes:apps/v1:StatefulSet": {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    immutable: [...POD_SET, "spec.podManagementPolicy", "spec.serviceName", "spec.volumeClaimTemplates"],
  },
  "kubernetes:batch/v1:Job": { apiVersion: "batch/v1", kind: "Job", immutable: ["spec.selector", "spec.template", "spec.completionMode"] },
  "kubernetes:batch/v1:CronJob": { apiVersion: "batch/v1", kind: "CronJob", immutable: [] },
  "kubernetes:autoscaling/v2:HorizontalPodAutoscaler": { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler", immutable: [] },
  "kubernetes:policy/v1:PodDisruptionBudget": { apiVersion: "policy/v1", kind: "PodDisruptionBudget", immutable: [] },
  "kubernetes:networking.k8s.io/v1:NetworkPolicy": { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", immutable: [] },
  "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute": { apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute", immutable: [] },
  "kubernetes:scheduling.k8s.io/v1:PriorityClass": {
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    clusterWide: true,
    immutable: ["value", "preemptionPolicy"],
  },
  "kubernetes:rbac.authorization.k8s.io/v1:Role": { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", immutable: [] },
  "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding": { apiVersion: "rbac.authorization.k8s.io/v1", kind: "RoleBinding", immutable: ["roleRef"] },
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole": {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    clusterWide: true,
    immutable: [],
  },
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding": {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    clusterWide: true,
    immutable: ["roleRef"],
  },
};
