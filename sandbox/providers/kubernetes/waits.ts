import type { Props } from "../bridge/values";

/** Why an object does not do its work yet, or undefined when it does. */
export type Wait = (live: Props) => string | undefined;

/** What a controller has seen of its latest declaration; before that its status tells of the one before. */
const seen = ({ metadata, status }: Props) => status?.observedGeneration === metadata.generation;

const counted = (what: string, count: number | undefined, of: number) => (count === of ? undefined : `${count ?? 0} of ${of} replicas are ${what}`);

/** The first reason of several. */
const first = (...reasons: (string | undefined | false)[]) => reasons.find(reason => typeof reason === "string") as string | undefined;

const condition = ({ status }: Props, type: string): Props | undefined => status?.conditions?.find((each: Props) => each.type === type);

/** A job that has failed does not recover. */
export class Failed extends Error {}

/**
 * When an object of a kind is there, as the official plugin waits for it (provider/pkg/await): the rest is there when the server has it. Jobs end,
 * and controllers have rolled out.
 */
export const waits: Record<string, Wait> = {
  Deployment: live => {
    const { spec, status } = live;
    const wanted = spec.replicas;
    if (condition(live, "Progressing")?.reason === "ProgressDeadlineExceeded") throw new Failed(condition(live, "Progressing")!.message);
    return first(
      !seen(live) && "its controller has not seen it yet",
      counted("up to date", status?.updatedReplicas ?? 0, wanted),
      counted("available", status?.availableReplicas ?? 0, wanted),
      counted("left of all there are", status?.replicas ?? 0, wanted),
    );
  },
  StatefulSet: live => {
    const { spec, status } = live;
    return first(
      !seen(live) && "its controller has not seen it yet",
      counted("up to date", status?.updatedReplicas ?? 0, spec.replicas),
      counted("ready", status?.readyReplicas ?? 0, spec.replicas),
      status.currentRevision !== status.updateRevision && "its roll-out goes on",
    );
  },
  DaemonSet: live => {
    const { status } = live;
    const wanted = status?.desiredNumberScheduled ?? 0;
    return first(
      !seen(live) && "its controller has not seen it yet",
      counted("up to date", status?.updatedNumberScheduled ?? 0, wanted),
      counted("available", status?.numberAvailable ?? 0, wanted),
    );
  },
  Job: live => {
    const failed = condition(live, "Failed");
    if (failed?.status === "True") throw new Failed(`the job failed: ${failed.message}`);
    return condition(live, "Complete")?.status === "True" ? undefined : "the job has not ended yet";
  },
};

/** Whether a Service sends to pods, and so is there only when one is ready behind it. */
export const selectsPods = ({ spec }: Props): boolean =>
  spec.type !== "ExternalName" && spec.clusterIP !== "None" && Object.keys(spec.selector ?? {}).length > 0;

/** The same for a Service, from the slices of its endpoints. */
export function waitForEndpoints(slices: Props[]): string | undefined {
  const ready = slices.some(({ endpoints }) => (endpoints ?? []).some(({ conditions }: Props) => conditions?.ready !== false));
  return ready ? undefined : "no pod behind it is ready";
}
