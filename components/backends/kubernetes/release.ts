import type * as k8s from "@pulumi/kubernetes";
import { releaseOf } from "../../releases";
import { autoscalerOf } from "./availability";
import type { KubernetesContext } from "./context";
import { controllerOf, type Controller } from "./controllers";
import { addressOf } from "./services";
import { releasedServices } from "./tracks";
import type { Unit } from "./units";

/** A version beside the one that serves, with an address of its own. */
export interface LoweredCandidate {
  controller: Controller;
  autoscaler?: k8s.autoscaling.v2.HorizontalPodAutoscalerArgs;
  service: k8s.core.v1.ServiceArgs;
}

/** The candidate of a unit's release, if one is under way. It is who the unit is, with the same files and rights. */
export function candidateOf(context: KubernetesContext, unit: Unit): LoweredCandidate | undefined {
  const { name } = unit.main;
  if (!releasedServices(context.system).includes(name)) return undefined;
  const { candidate } = releaseOf(context.system, { images: context.imageOverrides, releases: context.releases }, name);
  if (!candidate) return undefined;
  const next = { ...context, imageOverrides: { ...context.imageOverrides, [name]: candidate.image } };
  return {
    controller: controllerOf(next, unit, "candidate").controller,
    autoscaler: autoscalerOf(next, unit, "candidate"),
    service: addressOf(next, unit, "candidate"),
  };
}
