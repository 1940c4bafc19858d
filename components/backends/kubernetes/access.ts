import type * as k8s from "@pulumi/kubernetes";
import type { System } from "../../../systems/declaration";
import type { PlatformRight, ServiceSpec } from "../../spec";
import type { KubernetesContext } from "./context";
import { labelsOf } from "./labels";
import { namespaceOf, namespaces } from "./security";

type Rule = k8s.types.input.rbac.v1.PolicyRule;

/** Kinds of objects that say how a stack is, by their API group. No secrets, and nothing that holds settings. */
export const OBJECTS: Record<string, string[]> = {
  "": ["persistentvolumeclaims", "pods"],
  apps: ["deployments", "statefulsets"],
  autoscaling: ["horizontalpodautoscalers"],
  batch: ["jobs"],
  policy: ["poddisruptionbudgets"],
};

const inNamespace: Record<PlatformRight, Rule[]> = {
  pods: [{ apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch"] }],
  "pod-logs": [{ apiGroups: [""], resources: ["pods/log"], verbs: ["get"] }],
  "node-metrics": [],
  objects: Object.entries(OBJECTS).map(([group, resources]) => ({ apiGroups: [group], resources, verbs: ["list", "watch"] })),
};

/** Nodes belong to no namespace. */
const inCluster: Record<PlatformRight, Rule[]> = {
  pods: [],
  "pod-logs": [],
  "node-metrics": [
    { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch"] },
    { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] },
  ],
  objects: [],
};

/** Who a service is to the API, and the little that it may ask there. */
export interface Access {
  account: k8s.core.v1.ServiceAccountArgs;
  roles: k8s.rbac.v1.RoleArgs[];
  roleBindings: k8s.rbac.v1.RoleBindingArgs[];
  clusterRole?: k8s.rbac.v1.ClusterRoleArgs;
  clusterRoleBinding?: k8s.rbac.v1.ClusterRoleBindingArgs;
}

/** AWS role that is reached as, if there is one. */
const awsRoleOf = (system: System, external: string[] = []) => external.flatMap(name => system.external[name]!.awsRole ?? [])[0];

/** A service account of its own for everything, so that none shares another's rights, and roles for the few that ask for something. */
export function accessOf(context: KubernetesContext, name: string, spec: Pick<ServiceSpec, "name" | "asks" | "external">): Access {
  const { system } = context;
  const awsRole = awsRoleOf(system, spec.external);
  const namespace = namespaceOf(system, spec);
  const labels = labelsOf(context, name);
  const asks = spec.asks ?? [];
  const rules = asks.flatMap(right => inNamespace[right]);
  const clusterRules = asks.flatMap(right => inCluster[right]);
  const subjects = [{ kind: "ServiceAccount", name, namespace }];
  const reference = (kind: string, role: string) => ({ apiGroup: "rbac.authorization.k8s.io", kind, name: role });
  const watched = rules.length > 0 ? Object.keys(namespaces(system)) : [];
  const metadata = { name, labels };
  const global = { name: `${system.name}-${name}`, labels };
  return {
    account: {
      // By this EKS hands the pod a token that AWS changes for the role's credentials (IRSA).
      metadata: { ...metadata, namespace, annotations: awsRole ? { "eks.amazonaws.com/role-arn": awsRole } : undefined },
      automountServiceAccountToken: false,
    },
    roles: watched.map(where => ({ metadata: { ...metadata, namespace: where }, rules })),
    roleBindings: watched.map(where => ({ metadata: { ...metadata, namespace: where }, roleRef: reference("Role", name), subjects })),
    ...(clusterRules.length > 0
      ? {
          clusterRole: { metadata: global, rules: clusterRules },
          clusterRoleBinding: { metadata: global, roleRef: reference("ClusterRole", global.name), subjects },
        }
      : {}),
  };
}

/** Where client libraries look for a pod's tokens, below /var/run/secrets: that for the API, and the one that EKS mounts for AWS. */
const API_TOKEN = "kubernetes.io/serviceaccount";
const AWS_TOKEN = "eks.amazonaws.com/serviceaccount";
const TOKEN_FOLDER = `/var/run/secrets/${API_TOKEN}`;

/** Folders of the tokens that a pod's containers get. They are mounted among the secrets, which are read-only by then: the folders have to be there. */
export function tokenFolders(system: System, spec: Pick<ServiceSpec, "asks" | "external">): string[] {
  return [...(spec.asks ? [API_TOKEN] : []), ...(awsRoleOf(system, spec.external) ? [AWS_TOKEN] : [])];
}

/** A token for who asks the API for something: short-lived, and mounted by name, because no pod here gets one by itself. */
export function tokenVolume(spec: Pick<ServiceSpec, "asks">): {
  volumes: k8s.types.input.core.v1.Volume[];
  mounts: k8s.types.input.core.v1.VolumeMount[];
} {
  if (!spec.asks) return { volumes: [], mounts: [] };
  const sources = [
    { serviceAccountToken: { path: "token", expirationSeconds: 3600 } },
    { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
    { downwardAPI: { items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }] } },
  ];
  return {
    volumes: [{ name: "api-token", projected: { defaultMode: 0o444, sources } }],
    mounts: [{ name: "api-token", mountPath: TOKEN_FOLDER, readOnly: true }],
  };
}
