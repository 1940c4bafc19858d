import type { Props } from "../bridge/values";

/** Where an object lives in a cluster. */
export interface ObjectReference {
  apiVersion: string;
  kind: string;
  /** Absent for what belongs to no namespace. */
  namespace?: string;
  name: string;
}

/** What the provider asks of an API server. Every call resolves when the server has answered; `ready` when the object does its work. */
export interface Cluster {
  /** Server-side apply; the object as the server then has it. `create` refuses an object that is there already. */
  apply(manifest: Props, mode: "create" | "update"): Promise<Props>;
  /** Until the object works: a controller's pods are ready, a job has ended, a Service has somebody behind it. */
  ready(reference: ObjectReference, signal: AbortSignal): Promise<void>;
  /** The object as it is, or undefined when it is gone. */
  get(reference: ObjectReference): Promise<Props | undefined>;
  /** Until the object and what it owns are gone. */
  remove(reference: ObjectReference, signal: AbortSignal): Promise<void>;
}

const NOT_YET =
  "the sandbox's stand-in for the kubernetes plugin previews and judges; it reaches no cluster. Use the official plugin to bring a stack up";
const refuse = () => Promise.reject(new Error(NOT_YET));

/** For machines without a cluster: everything that a preview needs works, and nothing can be made. */
export const noCluster: Cluster = { apply: refuse, ready: refuse, get: refuse, remove: refuse };
