import { rule, type Family } from "./rule";

/** Jobs of a task that began before its newest success; what failed there has been made good. */
const BEFORE_SUCCESS = "kube_job_status_start_time < on (system, service) group_left () max by (system, service) (kube_job_status_completion_time)";

/** What the platform's API says of the stack's objects. Only where there is such an API. */
export const cluster: Family = system => {
  const { kubeState } = system.observability.exporters;
  if (!kubeState || !system.services[kubeState]) return [];
  return [
    // In the pauses between its starts nothing of it is there to be measured.
    rule(system, "warning", "warning", {
      name: "KubePodCrashLooping",
      expr: 'max by (system, service, pod) (max_over_time(kube_pod_container_status_waiting_reason{reason="CrashLoopBackOff"}[5m])) > 0',
      summary: "{{ $labels.service }} crashes whenever it starts",
      description: "A container of {{ $labels.pod }} ends soon after each start, so Kubernetes waits longer and longer before the next one.",
    }),
    // One that no node has taken yet is neither ready nor not ready, only pending.
    rule(system, "warning", "warning", {
      name: "KubePodNotReady",
      expr:
        'max by (system, service, pod) (kube_pod_status_phase{phase=~"Pending|Unknown"}' +
        ' or kube_pod_status_phase{phase="Running"} and on (namespace, pod) kube_pod_status_ready{condition="true"} == 0) > 0',
      summary: "A pod of {{ $labels.service }} is not ready",
      description: "{{ $labels.pod }} has no node, cannot start, or runs and does not pass its readiness check; it takes no part.",
    }),
    rule(system, "warning", "warning", {
      name: "KubeDeploymentReplicasMismatch",
      expr: "max by (system, service, deployment) (kube_deployment_spec_replicas - kube_deployment_status_replicas_available) > 0",
      summary: "{{ $labels.service }} has too few replicas",
      description: "The Deployment {{ $labels.deployment }} lacks {{ $value }} of its replicas: they are not there, or not available.",
    }),
    rule(system, "warning", "warning", {
      name: "KubeStatefulSetReplicasMismatch",
      expr: "max by (system, service) (kube_statefulset_replicas - kube_statefulset_status_replicas_ready) > 0",
      summary: "{{ $labels.service }} has too few replicas",
      description: "The StatefulSet {{ $labels.service }} lacks {{ $value }} of its replicas: they are not there, or not ready.",
    }),
    rule(system, "warning", "warning", {
      name: "KubeJobFailed",
      expr: `sum by (system, service) (kube_job_failed{condition="true"} unless on (namespace, job_name) (${BEFORE_SUCCESS})) > 0`,
      summary: "{{ $labels.service }} failed and has not succeeded since",
      description: "The task {{ $labels.service }} failed in all its attempts; failed runs since one last succeeded: {{ $value }}.",
    }),
    rule(system, "warning", "warning", {
      name: "KubeHpaMaxedOut",
      expr:
        "max by (system, service, horizontalpodautoscaler)" +
        " (kube_horizontalpodautoscaler_status_current_replicas / kube_horizontalpodautoscaler_spec_max_replicas) >= 1",
      summary: "{{ $labels.service }} has as many replicas as it may have",
      description: "The autoscaler {{ $labels.horizontalpodautoscaler }} is at its most: if the load grows, no further replica comes.",
    }),
    rule(system, "warning", "warning", {
      name: "KubePdbNotEnoughHealthyPods",
      expr: "max by (system, service) (kube_poddisruptionbudget_status_desired_healthy - kube_poddisruptionbudget_status_current_healthy) > 0",
      summary: "{{ $labels.service }} has fewer healthy replicas than its budget demands",
      description:
        "{{ $labels.service }} lacks {{ $value }} of the healthy pods that its disruption budget keeps, so no healthy one can be moved away.",
    }),
    rule(system, "critical", "critical", {
      name: "KubePersistentVolumeClaimNotBound",
      expr: 'max by (system, service, persistentvolumeclaim) (kube_persistentvolumeclaim_status_phase{phase=~"Pending|Lost"}) > 0',
      summary: "The claim {{ $labels.persistentvolumeclaim }} has no volume",
      description: "{{ $labels.persistentvolumeclaim }} of {{ $labels.service }} waits for a volume, or the volume that it was bound to is gone.",
    }),
  ];
};
