import type * as k8s from "@pulumi/kubernetes";
import type { JobSpec, ScheduleSpec, ServiceSpec } from "../../spec";
import { accessOf, type Access } from "./access";
import { autoscalerOf, disruptionBudgetOf, priorityClasses } from "./availability";
import { cronJobOf, jobOf } from "./batch";
import type { KubernetesContext } from "./context";
import { controllerOf, isStateful, type Controller } from "./controllers";
import { routeOf } from "./exposure";
import type { LoweredFiles } from "./files";
import { defaultDeny, networkPolicies, type Traffic } from "./network";
import { namespaces } from "./security";
import { servicesOf } from "./services";
import { asksOf, externalsOf, unitsOf, type Unit } from "./units";

/** Why a namespace has the standard that it has. */
const REASON = "ultrathink.dev/pod-security-reason";

/** What is there before any service: rooms with their rules, and who goes before whom. */
export interface LoweredGround {
  namespaces: k8s.core.v1.NamespaceArgs[];
  priorityClasses: k8s.scheduling.v1.PriorityClassArgs[];
  /** What forbids every way that no other policy allows. */
  defaultDeny: k8s.networking.v1.NetworkPolicyArgs[];
  /** By who talks or is talked to. */
  networkPolicies: k8s.networking.v1.NetworkPolicyArgs[];
}

export function lowerGround(context: KubernetesContext, traffic: Traffic): LoweredGround {
  const { system } = context;
  return {
    namespaces: Object.entries(namespaces(system)).map(([name, { level, reason }]) => ({
      metadata: {
        name,
        labels: {
          "app.kubernetes.io/part-of": system.name,
          "app.kubernetes.io/managed-by": "pulumi",
          ...Object.fromEntries(["enforce", "audit", "warn"].map(mode => [`pod-security.kubernetes.io/${mode}`, level])),
          ...Object.fromEntries(["enforce", "audit", "warn"].map(mode => [`pod-security.kubernetes.io/${mode}-version`, "latest"])),
        },
        annotations: reason ? { [REASON]: reason } : undefined,
      },
    })),
    priorityClasses: priorityClasses(system),
    defaultDeny: defaultDeny(context),
    networkPolicies: networkPolicies(context, traffic),
  };
}

/** Everything of one service, or of a group's members. */
export interface LoweredUnit {
  unit: Unit;
  access: Access;
  files: LoweredFiles[];
  controller: Controller;
  services: k8s.core.v1.ServiceArgs[];
  disruptionBudget?: k8s.policy.v1.PodDisruptionBudgetArgs;
  /** Present where clients outside the cluster reach it. */
  route?: k8s.apiextensions.CustomResourceArgs;
  autoscaler?: k8s.autoscaling.v2.HorizontalPodAutoscalerArgs;
}

export function lowerUnit(context: KubernetesContext, unit: Unit): LoweredUnit {
  const { controller, files } = controllerOf(context, unit);
  return {
    unit,
    access: accessOf(context, unit.name, { ...unit.main, asks: asksOf(unit), external: externalsOf(unit) }),
    files,
    controller,
    services: servicesOf(context, unit, isStateful(unit)),
    disruptionBudget: disruptionBudgetOf(context, unit),
    route: routeOf(context, unit),
    autoscaler: autoscalerOf(context, unit),
  };
}

export interface LoweredJob {
  access: Access;
  files: LoweredFiles[];
  job: k8s.batch.v1.JobArgs;
}

export const lowerJob = (context: KubernetesContext, spec: JobSpec): LoweredJob => ({
  access: accessOf(context, spec.name, spec),
  ...jobOf(context, spec),
});

export interface LoweredSchedule {
  access: Access;
  files: LoweredFiles[];
  cronJob: k8s.batch.v1.CronJobArgs;
}

export const lowerSchedule = (context: KubernetesContext, spec: ScheduleSpec): LoweredSchedule => ({
  access: accessOf(context, spec.name, spec),
  ...cronJobOf(context, spec),
});

/** What talks to whom, from everything that a system runs. */
export const trafficOf = (context: KubernetesContext, services: ServiceSpec[], jobs: JobSpec[], schedules: ScheduleSpec[]): Traffic => ({
  units: unitsOf(context.system, services),
  jobs,
  schedules,
});
