import { createHash } from "node:crypto";
import type * as k8s from "@pulumi/kubernetes";
import { seconds } from "../../../systems/declaration";
import type { JobSpec, ScheduleSpec } from "../../spec";
import type { KubernetesContext } from "./context";
import { imageOf } from "./context";
import type { LoweredFiles } from "./files";
import { labelsOf } from "./labels";
import { lowerPod } from "./pod";

/** Times that a task is tried again; each is one that can be run twice. */
const RETRIES = 3;
/** How late a task may start, in seconds, before its turn is over: after a control plane's outage the next turn comes anyway. */
const START_DEADLINE = 600;
/** Why a schedule is there. */
const PURPOSE = "ultrathink.dev/purpose";

function lowerTask(context: KubernetesContext, spec: JobSpec | ScheduleSpec) {
  const { namespace } = context.system;
  const pod = { name: spec.name, namespace, main: spec, fileSets: { [spec.name]: spec.files ?? [] }, claims: {}, restartPolicy: "Never" as const };
  const { template, files } = lowerPod(context, pod);
  return { files, job: { backoffLimit: RETRIES, activeDeadlineSeconds: seconds(spec.deadline), template } };
}

/** Names a job after everything that it does, as far as that is known before it is done: another task is another job, since none can be changed. */
function jobName(context: KubernetesContext, spec: JobSpec): string {
  const files = (spec.files ?? []).map(({ path, kind, content }) => [path, kind, typeof content === "string" && kind !== "secret" ? content : ""]);
  const text = JSON.stringify([imageOf(context, spec), { ...spec, files }]);
  return `${spec.name}-${createHash("sha256").update(text).digest("hex").slice(0, 10)}`;
}

/** A task that runs once for each change of its declaration. It is not cleaned up by time: a job that is gone would be made, and run, again. */
export function jobOf(context: KubernetesContext, spec: JobSpec): { job: k8s.batch.v1.JobArgs; files: LoweredFiles[] } {
  const { files, job } = lowerTask(context, spec);
  const metadata = { name: jobName(context, spec), namespace: context.system.namespace, labels: labelsOf(context, spec.name) };
  return { files, job: { metadata, spec: job } };
}

/** A task that the clock starts, UTC, never twice at a time. */
export function cronJobOf(context: KubernetesContext, spec: ScheduleSpec): { cronJob: k8s.batch.v1.CronJobArgs; files: LoweredFiles[] } {
  const { files, job } = lowerTask(context, spec);
  const labels = labelsOf(context, spec.name);
  return {
    files,
    cronJob: {
      metadata: { name: spec.name, namespace: context.system.namespace, labels, annotations: { [PURPOSE]: spec.purpose } },
      spec: {
        schedule: spec.schedule,
        timeZone: "Etc/UTC",
        concurrencyPolicy: "Forbid",
        startingDeadlineSeconds: START_DEADLINE,
        successfulJobsHistoryLimit: 1,
        failedJobsHistoryLimit: 3,
        jobTemplate: { metadata: { labels }, spec: job },
      },
    },
  };
}
