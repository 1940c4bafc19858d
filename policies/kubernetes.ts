import type { PolicyResource, ResourceValidation, ResourceValidationArgs } from "@pulumi/policy";
import { known, ofOneType } from "./rule";
import { reporter } from "./report";

/** Type tokens of the Kubernetes provider. Rules match on them, so that the pack starts without loading the provider's SDK. */
export const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
export const STATEFUL_SET = "kubernetes:apps/v1:StatefulSet";
export const DAEMON_SET = "kubernetes:apps/v1:DaemonSet";
export const JOB = "kubernetes:batch/v1:Job";
export const CRON_JOB = "kubernetes:batch/v1:CronJob";
export const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
export const NAMESPACE = "kubernetes:core/v1:Namespace";
export const NETWORK_POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
export const AUTOSCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
export const DISRUPTION_BUDGET = "kubernetes:policy/v1:PodDisruptionBudget";
export const PRIORITY_CLASS = "kubernetes:scheduling.k8s.io/v1:PriorityClass";
export const SERVICE = "kubernetes:core/v1:Service";
export const SERVICE_ACCOUNT = "kubernetes:core/v1:ServiceAccount";

type Labels = Record<string, string>;

export interface Metadata {
  name?: string;
  namespace?: string;
  labels?: Labels;
  annotations?: Labels;
}

interface Probe {
  exec?: { command?: string[] };
  httpGet?: object;
  tcpSocket?: object;
  grpc?: object;
  periodSeconds?: number;
  timeoutSeconds?: number;
  failureThreshold?: number;
}

interface ContainerSecurity {
  allowPrivilegeEscalation?: boolean;
  capabilities?: { add?: string[]; drop?: string[] };
  privileged?: boolean;
  procMount?: string;
  readOnlyRootFilesystem?: boolean;
  runAsNonRoot?: boolean;
  runAsUser?: number;
  seccompProfile?: { type?: string };
}

export interface Container {
  name: string;
  image?: string;
  command?: string[];
  args?: string[];
  env?: { name: string; value?: string; valueFrom?: { secretKeyRef?: object } }[];
  envFrom?: object[];
  ports?: { containerPort?: number; hostPort?: number }[];
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
  securityContext?: ContainerSecurity;
  volumeMounts?: { name: string; mountPath: string; subPath?: string; subPathExpr?: string; readOnly?: boolean }[];
  startupProbe?: Probe;
  readinessProbe?: Probe;
  livenessProbe?: Probe;
  lifecycle?: { preStop?: { exec?: object; sleep?: { seconds: number } } };
}

export interface Volume {
  name: string;
  configMap?: { name?: string };
  secret?: { secretName?: string; defaultMode?: number; items?: { mode?: number }[] };
  hostPath?: { path?: string };
  emptyDir?: { medium?: string; sizeLimit?: string };
  projected?: { sources?: { serviceAccountToken?: { expirationSeconds?: number }; secret?: object }[] };
}

export interface PodSpec {
  automountServiceAccountToken?: boolean;
  serviceAccountName?: string;
  priorityClassName?: string;
  restartPolicy?: string;
  terminationGracePeriodSeconds?: number;
  hostNetwork?: boolean;
  hostPID?: boolean;
  hostIPC?: boolean;
  securityContext?: Omit<ContainerSecurity, "capabilities"> & { fsGroup?: number; sysctls?: object[] };
  affinity?: { nodeAffinity?: { requiredDuringSchedulingIgnoredDuringExecution?: { nodeSelectorTerms?: object[] } } };
  tolerations?: { key?: string; operator?: string; effect?: string }[];
  topologySpreadConstraints?: { topologyKey?: string; maxSkew?: number; whenUnsatisfiable?: string; labelSelector?: { matchLabels?: Labels } }[];
  initContainers?: Container[];
  containers?: Container[];
  ephemeralContainers?: Container[];
  volumes?: Volume[];
}

interface Template {
  metadata?: Metadata;
  spec?: PodSpec;
}

/** The inputs of whatever runs pods that the rules read; a rule about the whole stack sees the outputs, which hold the same. */
export interface Workload {
  metadata?: Metadata;
  spec?: {
    replicas?: number;
    selector?: { matchLabels?: Labels };
    template?: Template;
    strategy?: { type?: string; rollingUpdate?: { maxSurge?: number | string; maxUnavailable?: number | string } };
    updateStrategy?: { type?: string; rollingUpdate?: { maxUnavailable?: number | string } };
    progressDeadlineSeconds?: number;
    ordinals?: { start?: number };
    volumeClaimTemplates?: { metadata?: Metadata; spec?: { storageClassName?: string; resources?: { requests?: { storage?: string } } } }[];
    persistentVolumeClaimRetentionPolicy?: { whenDeleted?: string; whenScaled?: string };
    /** Of a Job, and of a CronJob's jobs. */
    activeDeadlineSeconds?: number;
    backoffLimit?: number;
    schedule?: string;
    timeZone?: string;
    concurrencyPolicy?: string;
    startingDeadlineSeconds?: number;
    suspend?: boolean;
    jobTemplate?: { spec?: { activeDeadlineSeconds?: number; backoffLimit?: number; template?: Template } };
  };
}

/** Last part of a type token: the kind in Kubernetes' own word. */
export const kindOf = (type: string): string => type.slice(type.lastIndexOf(":") + 1);

/** The template of the pods that a resource runs; `undefined` for one that runs none. A Pod by itself is its own. */
export function templateOf({ type, props }: { type: string; props: Workload }): Template | undefined {
  if (!type.startsWith("kubernetes:")) return undefined;
  switch (kindOf(type)) {
    case "Deployment":
    case "StatefulSet":
    case "DaemonSet":
    case "ReplicaSet":
    case "ReplicationController":
    case "Job":
      return props.spec?.template ?? {};
    case "CronJob":
      return props.spec?.jobTemplate?.spec?.template ?? {};
    case "Pod":
      return props as Template;
    default:
      return undefined;
  }
}

/** Whether the pods run to their end and have no health of their own. */
export const isTask = (type: string): boolean => type === JOB || type === CRON_JOB;

export const nameOf = (resource: { name: string; props: { metadata?: Metadata } }): string =>
  known(() => resource.props.metadata?.name) ?? resource.name;

/** Every container of a pod: what runs first, what runs, and what somebody put in to look around. */
export function containersOf(spec: PodSpec): { container: Container; role: "init" | "main" | "ephemeral" }[] {
  return [
    ...(spec.initContainers ?? []).map(container => ({ container, role: "init" as const })),
    ...(spec.containers ?? []).map(container => ({ container, role: "main" as const })),
    ...(spec.ephemeralContainers ?? []).map(container => ({ container, role: "ephemeral" as const })),
  ];
}

type Violation = (found: string, mend: string) => void;

/** Service or group that a controller's pods belong to, by their label `app`: a release's candidate is the service's too. */
export const appOf = (resource: { type: string; name: string; props: Workload }): string =>
  templateOf(resource)?.metadata?.labels?.["app"] ?? nameOf(resource);

/** Something that runs pods, under judgement. */
export interface PodSubject {
  /** Service or group that the pods belong to. */
  name: string;
  type: string;
  props: Workload;
  template: Template;
  spec: PodSpec;
  args: ResourceValidationArgs;
  violation: Violation;
}

/** Applies a check to everything that runs pods and to nothing else. */
export function onPods(check: (subject: PodSubject) => void): ResourceValidation {
  return (args, report) => {
    const template = templateOf(args);
    if (template === undefined) args.notApplicable("judges what runs pods on Kubernetes only");
    const violation = reporter(kindOf(args.type), nameOf(args), report);
    check({ name: appOf(args), type: args.type, props: args.props as Workload, template: template!, spec: template!.spec ?? {}, args, violation });
  };
}

interface ContainerSubject extends PodSubject {
  container: Container;
  role: "init" | "main" | "ephemeral";
}

/** Applies a check to each container of everything that runs pods. */
export function onPodContainers(check: (subject: ContainerSubject) => void): ResourceValidation {
  return onPods(subject => {
    for (const { container, role } of containersOf(subject.spec)) {
      const violation: Violation = (found, mend) => subject.violation(`container ${container.name}: ${found}`, mend);
      check({ ...subject, container, role, violation });
    }
  });
}

/** Applies a check to the resources of some types and to nothing else. */
export function onKinds(
  types: string[],
  check: (subject: {
    name: string;
    props: Record<string, unknown> & { metadata?: Metadata };
    args: ResourceValidationArgs;
    violation: Violation;
  }) => void,
): ResourceValidation {
  const validation: ResourceValidation = (args, report) => {
    if (!types.includes(args.type)) args.notApplicable(`judges ${types.join(", ")} only`);
    const name = nameOf(args);
    check({ name, props: args.props as Record<string, unknown>, args, violation: reporter(kindOf(args.type), name, report) });
  };
  return types.length === 1 ? ofOneType(types[0]!, validation) : validation;
}

/** Whether a selector's labels are all among a pod's. */
export function selects(selector: { matchLabels?: Labels; matchExpressions?: unknown[] } | undefined, labels: Labels): boolean {
  const wanted = Object.entries(selector?.matchLabels ?? {});
  return wanted.length > 0 && (selector?.matchExpressions ?? []).length === 0 && wanted.every(([key, value]) => labels[key] === value);
}

/** Everything in a stack that runs pods. */
export const controllersIn = (resources: PolicyResource[]): PolicyResource[] => resources.filter(resource => templateOf(resource) !== undefined);
