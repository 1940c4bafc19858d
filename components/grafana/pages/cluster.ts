import { present, type PageOf } from "../page";
import { stat, timeseries } from "../panel";
import { matching, promql } from "../query";

/** What the platform's API says of the stack's objects: pods, replicas, autoscalers, budgets, tasks and claims. Only where there is such an API. */
export const cluster: PageOf = system => {
  if (present(system, system.observability.exporters.kubeState).length === 0) return undefined;
  const all = matching(system);
  const of = (label: string, value: string) => matching(system, `${label}=~"${value}"`);
  const anything = { warning: "> 0" } as const;
  const number = (vector: string) => promql(`sum(${vector}) or vector(0)`);
  const lacking = (more: string, less: string) => promql(`max by (service) (${more}${all} - ${less}${all})`, "{{service}}");
  return {
    slug: "cluster",
    title: "Cluster",
    rows: [
      {
        title: "Now",
        panels: [
          stat(
            "Pods not ready",
            "short",
            number(
              `kube_pod_status_phase${of("phase", "Pending|Unknown")}` +
                ` or kube_pod_status_phase${of("phase", "Running")} and on (namespace, pod) kube_pod_status_ready${of("condition", "true")} == 0`,
            ),
            { threshold: anything, alert: "KubePodNotReady" },
          ),
          stat("Containers that crash", "short", number(`kube_pod_container_status_waiting_reason${of("reason", "CrashLoopBackOff")}`), {
            threshold: anything,
            alert: "KubePodCrashLooping",
            description: "Those that wait for their next start.",
          }),
          stat("Failed tasks", "short", number(`kube_job_failed${of("condition", "true")}`), {
            threshold: anything,
            alert: "KubeJobFailed",
            description: "Runs that are still kept, whether or not a later one succeeded.",
          }),
          stat("Claims without a volume", "short", number(`kube_persistentvolumeclaim_status_phase${of("phase", "Pending|Lost")}`), {
            threshold: { critical: "> 0" },
            alert: "KubePersistentVolumeClaimNotBound",
          }),
        ],
      },
      {
        title: "Replicas",
        panels: [
          timeseries("Lacking in Deployments", "short", lacking("kube_deployment_spec_replicas", "kube_deployment_status_replicas_available"), {
            threshold: anything,
            alert: "KubeDeploymentReplicasMismatch",
          }),
          timeseries("Lacking in sets that keep data", "short", lacking("kube_statefulset_replicas", "kube_statefulset_status_replicas_ready"), {
            threshold: anything,
            alert: "KubeStatefulSetReplicasMismatch",
          }),
          timeseries(
            "Of the most that load may bring",
            "percentunit",
            promql(
              `max by (service) (kube_horizontalpodautoscaler_status_current_replicas${all} / kube_horizontalpodautoscaler_spec_max_replicas${all})`,
              "{{service}}",
            ),
            { threshold: { warning: ">= 100%" }, alert: "KubeHpaMaxedOut" },
          ),
          timeseries(
            "Healthy pods that budgets lack",
            "short",
            lacking("kube_poddisruptionbudget_status_desired_healthy", "kube_poddisruptionbudget_status_current_healthy"),
            { threshold: anything, alert: "KubePdbNotEnoughHealthyPods", description: "Below 0: so many may be moved at once." },
          ),
        ],
      },
    ],
  };
};
