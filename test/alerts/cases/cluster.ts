import { ladder, type AlertCase, type Fired } from "../case";

const warning: Fired["severity"][] = ["warning"];

/** Labels of a series about an object of mlflow, as they are once it is known whose it is. */
const of = (labels: Record<string, string>) =>
  `{${Object.entries({ system: "ultrathink", service: "mlflow", namespace: "ultrathink", ...labels })
    .map(([key, value]) => `${key}="${value}"`)
    .join(",")}}`;

const pod = "mlflow-7d9f8b6c5d-x2k4z";

/** A pod in one phase; a pod that has a node is ready or not. */
const podIn = (now: string, ready?: number) => ({
  ...Object.fromEntries(
    ["Pending", "Running", "Succeeded", "Failed", "Unknown"].map(phase => [
      `kube_pod_status_phase${of({ pod, phase })}`,
      `${phase === now ? 1 : 0}x60`,
    ]),
  ),
  ...(ready === undefined ? {} : { [`kube_pod_status_ready${of({ pod, condition: "true" })}`]: `${ready}x60` }),
});

/** A measure that is one number less another, of which there may be none. */
const lacking = (
  alert: string,
  more: string,
  less: string,
  labels: Record<string, string>,
  fired: Record<string, string>,
  summary: string,
  text: string,
) =>
  ladder(alert, {
    series: lacks => ({ [`${more}${of(labels)}`]: "3x60", [`${less}${of(labels)}`]: `${3 - lacks}x60` }),
    labels: { service: "mlflow", ...fired },
    steps: [
      [-1, []],
      [0, []],
      [1, warning],
    ],
    waits: [
      ["9m", []],
      ["11m", warning],
    ],
    text: { step: 1, severity: "warning", summary, description: text },
  });

/** Runs of a task: when each began, and whether it failed or when it ended well, in minutes. */
const runs = (list: { job: string; began: number; failed?: boolean; ended?: number }[]) =>
  Object.fromEntries(
    list.flatMap(({ job, began, failed, ended }) => [
      [`kube_job_status_start_time${of({ job_name: job })}`, `${began * 60}x60`],
      ...(failed ? [[`kube_job_failed${of({ job_name: job, condition: "true" })}`, "1x60"]] : []),
      ...(failed ? [[`kube_job_failed${of({ job_name: job, condition: "false" })}`, "0x60"]] : []),
      ...(ended === undefined ? [] : [[`kube_job_status_completion_time${of({ job_name: job })}`, `${ended * 60}x60`]]),
    ]),
  );

export const cluster: AlertCase[] = [
  ...ladder("KubePodCrashLooping", {
    series: looping => ({
      [`kube_pod_container_status_waiting_reason${of({ pod, container: "mlflow", reason: "CrashLoopBackOff" })}`]: `${looping}x60`,
    }),
    labels: { service: "mlflow", pod },
    steps: [
      [0, []],
      [1, warning],
    ],
    waits: [
      ["9m", []],
      ["11m", warning],
    ],
    text: {
      step: 1,
      severity: "warning",
      summary: "mlflow crashes whenever it starts",
      description: `A container of ${pod} ends soon after each start, so Kubernetes waits longer and longer before the next one.`,
    },
  }),
  {
    alert: "KubePodCrashLooping",
    says: "it runs for some minutes between its crashes",
    series: {
      [`kube_pod_container_status_waiting_reason${of({ pod, container: "mlflow", reason: "CrashLoopBackOff" })}`]: "1 _x4 1 _x4 1 _x4 1 _x4 1 _x10",
    },
    at: "18m",
    fires: [{ severity: "warning", service: "mlflow", pod }],
  },
  {
    alert: "KubePodCrashLooping",
    says: "it waits for its image, which is another alert's",
    series: { [`kube_pod_container_status_waiting_reason${of({ pod, container: "mlflow", reason: "ImagePullBackOff" })}`]: "1x60" },
    at: "20m",
    fires: [],
  },
  ...ladder("KubePodNotReady", {
    series: unready => podIn("Running", 1 - unready),
    labels: { service: "mlflow", pod },
    steps: [
      [0, []],
      [1, warning],
    ],
    waits: [
      ["9m", []],
      ["11m", warning],
    ],
    text: {
      step: 1,
      severity: "warning",
      summary: "A pod of mlflow is not ready",
      description: `${pod} has no node, cannot start, or runs and does not pass its readiness check; it takes no part.`,
    },
  }),
  ...[
    { says: "no node takes it", series: podIn("Pending"), fires: true },
    { says: "its image cannot be pulled", series: podIn("Pending", 0), fires: true },
    { says: "its node is silent", series: podIn("Unknown", 0), fires: true },
    { says: "a task that has ended well is ready no more", series: podIn("Succeeded", 0), fires: false },
    { says: "a task that has failed is another alert's", series: podIn("Failed", 0), fires: false },
  ].map(({ says, series, fires }) => ({
    alert: "KubePodNotReady",
    says,
    series,
    at: "20m",
    fires: fires ? [{ severity: "warning" as const, service: "mlflow", pod }] : [],
  })),
  ...lacking(
    "KubeDeploymentReplicasMismatch",
    "kube_deployment_spec_replicas",
    "kube_deployment_status_replicas_available",
    { deployment: "mlflow" },
    { deployment: "mlflow" },
    "mlflow has too few replicas",
    "The Deployment mlflow lacks 1 of its replicas: they are not there, or not available.",
  ),
  ...lacking(
    "KubeStatefulSetReplicasMismatch",
    "kube_statefulset_replicas",
    "kube_statefulset_status_replicas_ready",
    { statefulset: "mlflow" },
    {},
    "mlflow has too few replicas",
    "The StatefulSet mlflow lacks 1 of its replicas: they are not there, or not ready.",
  ),
  ...lacking(
    "KubePdbNotEnoughHealthyPods",
    "kube_poddisruptionbudget_status_desired_healthy",
    "kube_poddisruptionbudget_status_current_healthy",
    { poddisruptionbudget: "mlflow" },
    {},
    "mlflow has fewer healthy replicas than its budget demands",
    "mlflow lacks 1 of the healthy pods that its disruption budget keeps, so no healthy one can be moved away.",
  ),
  ...ladder("KubeHpaMaxedOut", {
    series: current => ({
      [`kube_horizontalpodautoscaler_status_current_replicas${of({ horizontalpodautoscaler: "mlflow" })}`]: `${current}x60`,
      [`kube_horizontalpodautoscaler_spec_max_replicas${of({ horizontalpodautoscaler: "mlflow" })}`]: "6x60",
    }),
    labels: { service: "mlflow", horizontalpodautoscaler: "mlflow" },
    steps: [
      [2, []],
      [5, []],
      [6, warning],
    ],
    waits: [
      ["9m", []],
      ["11m", warning],
    ],
    text: {
      step: 6,
      severity: "warning",
      summary: "mlflow has as many replicas as it may have",
      description: "The autoscaler mlflow is at its most: if the load grows, no further replica comes.",
    },
  }),
  ...ladder("KubeJobFailed", {
    series: failures => runs(Array.from({ length: failures }, (_, run) => ({ job: `mlflow-${run}`, began: run, failed: true }))),
    labels: { service: "mlflow" },
    steps: [
      [0, []],
      [1, warning],
      [2, warning],
    ],
    waits: [
      ["9m", []],
      ["11m", warning],
    ],
    text: {
      step: 2,
      severity: "warning",
      summary: "mlflow failed and has not succeeded since",
      description: "The task mlflow failed in all its attempts; failed runs since one last succeeded: 2.",
    },
  }),
  {
    alert: "KubeJobFailed",
    says: "a later run ended well",
    series: runs([
      { job: "mlflow-1", began: 1, failed: true },
      { job: "mlflow-2", began: 2, ended: 3 },
    ]),
    at: "20m",
    fires: [],
  },
  {
    alert: "KubeJobFailed",
    says: "only an earlier run ended well",
    series: runs([
      { job: "mlflow-1", began: 1, ended: 2 },
      { job: "mlflow-2", began: 3, failed: true },
    ]),
    at: "20m",
    fires: [{ severity: "warning", service: "mlflow" }],
  },
  ...["Pending", "Lost"].flatMap(phase =>
    ladder("KubePersistentVolumeClaimNotBound", {
      series: unbound => ({
        [`kube_persistentvolumeclaim_status_phase${of({ persistentvolumeclaim: "data-mlflow-0", phase })}`]: `${unbound}x60`,
        [`kube_persistentvolumeclaim_status_phase${of({ persistentvolumeclaim: "data-mlflow-0", phase: "Bound" })}`]: `${1 - unbound}x60`,
      }),
      labels: { service: "mlflow", persistentvolumeclaim: "data-mlflow-0" },
      steps: [
        [0, []],
        [1, ["critical"]],
      ],
      waits: [
        ["4m", []],
        ["6m", ["critical"]],
      ],
      text: {
        step: 1,
        severity: "critical",
        summary: "The claim data-mlflow-0 has no volume",
        description: "data-mlflow-0 of mlflow waits for a volume, or the volume that it was bound to is gone.",
      },
    }),
  ),
];
