import type { System } from "../../systems/declaration";
import type { ObjectSource } from "../discovery";
import { fromRow } from "../resources";
import type { ServiceSpec } from "../spec";
import { metricsPort } from "./environment";

/** What is asked of it; it keeps nothing else of an object. */
export const OBJECT_METRICS = [
  "kube_deployment_spec_replicas",
  "kube_deployment_status_replicas_available",
  "kube_horizontalpodautoscaler_spec_max_replicas",
  "kube_horizontalpodautoscaler_status_current_replicas",
  "kube_job_failed",
  "kube_job_status_completion_time",
  "kube_job_status_start_time",
  "kube_persistentvolumeclaim_status_phase",
  "kube_pod_container_status_waiting_reason",
  "kube_pod_status_phase",
  "kube_pod_status_ready",
  "kube_poddisruptionbudget_status_current_healthy",
  "kube_poddisruptionbudget_status_desired_healthy",
  "kube_statefulset_replicas",
  "kube_statefulset_status_replicas_ready",
];

/** kube-state-metrics: what the API says of the objects that keep the services running. */
export function kubeStateMetricsSpec(system: System, service: string, source: ObjectSource): ServiceSpec {
  return {
    ...fromRow(system, service),
    entrypoint: ["/kube-state-metrics"],
    command: [
      `--port=${metricsPort(system, service)}`,
      // Metrics and profiles of the process itself are for nobody else.
      "--telemetry-host=127.0.0.1",
      `--namespaces=${source.namespaces.join(",")}`,
      `--resources=${source.resources.join(",")}`,
      `--metric-allowlist=${OBJECT_METRICS.join(",")}`,
    ],
    user: 65534,
    // By /livez it asks the API in its own name: what it cannot ask, it would go on telling as it was. /healthz asks nobody.
    health: { probedBy: "prometheus", startup: "60s", ready: "/livez", alive: "/healthz" },
    stopGrace: "10s",
    asks: ["objects"],
  };
}
