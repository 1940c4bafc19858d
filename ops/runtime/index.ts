import type { Context } from "../context";
import type { StackPlan } from "../project";
import { DockerRuntime } from "./docker";
import { KubernetesRuntime } from "./kubernetes";
import type { Runtime } from "./runtime";

/** What runs the services of a planned stack. */
export const runtimeOf = (context: Context, plan: StackPlan): Runtime =>
  plan.cluster ? new KubernetesRuntime(context, plan, plan.cluster) : new DockerRuntime(context, plan);

export type { LogRequest, Runtime, Status } from "./runtime";
