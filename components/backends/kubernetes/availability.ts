import type * as k8s from "@pulumi/kubernetes";
import { scaleOf, TIERS, type Scale, type System } from "../../../systems/declaration";
import type { KubernetesContext } from "./context";
import { labelsOf, selectorOf } from "./labels";
import { trackName, type Track } from "./tracks";
import type { Unit } from "./units";

const ZONE = "topology.kubernetes.io/zone";
const HOST = "kubernetes.io/hostname";

/** Share of the requested CPU in use above which another replica comes: while it starts, the others have the rest up to the limit. */
const CPU_TARGET_PERCENT = 80;

/** Whether the loss of one of a unit's pods leaves others. */
export const isReplicated = ({ replicas }: Unit): boolean => replicas === undefined || replicas > 1;

/** What the declaration says of a unit's survival. */
const survives = (system: System, unit: Unit) => system.availability[unit.name]?.survives;

/**
 * Replicas apart from each other: never two on a host where another has room. Zones bind where a quorum lives in them; elsewhere they are a wish, since
 * a replica in the wrong zone answers and one without a place does not.
 */
export function spreadOf(context: KubernetesContext, unit: Unit, stateful: boolean): k8s.types.input.core.v1.TopologySpreadConstraint[] | undefined {
  if (!isReplicated(unit)) return undefined;
  const common = {
    maxSkew: 1,
    labelSelector: { matchLabels: selectorOf(unit.name) },
    // Each roll-out is spread by itself, or the pods that it replaces would be in its way.
    ...(stateful ? {} : { matchLabelKeys: ["pod-template-hash"] }),
  };
  const zones = { ...common, topologyKey: ZONE, whenUnsatisfiable: stateful ? "DoNotSchedule" : "ScheduleAnyway" };
  const hosts = { ...common, topologyKey: HOST, whenUnsatisfiable: "DoNotSchedule" };
  return survives(context.system, unit) === "zone" ? [zones, hosts] : [hosts];
}

/** The same towards the pods of other roll-outs. */
export function antiAffinityOf(unit: Unit): k8s.types.input.core.v1.PodAntiAffinity | undefined {
  if (!isReplicated(unit)) return undefined;
  const podAffinityTerm = { topologyKey: HOST, labelSelector: { matchLabels: selectorOf(unit.name) } };
  return { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm }] };
}

/** A drained node takes one replica at a time. What is one of its kind has none: its budget would only forbid the drain. */
export function disruptionBudgetOf(context: KubernetesContext, unit: Unit): k8s.policy.v1.PodDisruptionBudgetArgs | undefined {
  if (!isReplicated(unit)) return undefined;
  return {
    metadata: { name: unit.name, namespace: unit.namespace, labels: labelsOf(context, unit.name) },
    // A pod that is not ready anyway does not hold up a drain.
    spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow", selector: { matchLabels: selectorOf(unit.name) } },
  };
}

/**
 * Replicas by load where the declaration gives a range: up at once, down slowly, because a quiet minute ends. A candidate begins with as many as the
 * version that it stands beside has at its least, and with one where each takes a GPU: those are bought for one more, not for twice as many.
 */
export function autoscalerOf(
  context: KubernetesContext,
  unit: Unit,
  track: Track = "stable",
): k8s.autoscaling.v2.HorizontalPodAutoscalerArgs | undefined {
  if (unit.replicas !== undefined) return undefined;
  const { min, max } = scaleOf(context.system, unit.main.name) as Required<Scale>;
  const name = trackName(unit.name, track);
  return {
    metadata: { name, namespace: unit.namespace, labels: labelsOf(context, unit.name) },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
      minReplicas: track === "candidate" && unit.main.gpu ? 1 : min,
      maxReplicas: max,
      metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: CPU_TARGET_PERCENT } } }],
      behavior: {
        scaleUp: { stabilizationWindowSeconds: 0, selectPolicy: "Max", policies: [{ type: "Percent", value: 100, periodSeconds: 60 }] },
        scaleDown: { stabilizationWindowSeconds: 300, selectPolicy: "Max", policies: [{ type: "Pods", value: 1, periodSeconds: 120 }] },
      },
    },
  };
}

/** A class for each tier; who is higher takes the room of who is lower, and training takes nobody's. */
export function priorityClasses(system: System): k8s.scheduling.v1.PriorityClassArgs[] {
  return TIERS.map((tier, index) => ({
    metadata: { name: `${system.name}-${tier}`, labels: { "app.kubernetes.io/part-of": system.name, "app.kubernetes.io/managed-by": "pulumi" } },
    value: (TIERS.length - index) * 100_000,
    preemptionPolicy: tier === "training" ? "Never" : "PreemptLowerPriority",
    description: `${system.name}: ${tier}`,
  }));
}
