import type { Props } from "../bridge/values";

/** Where an object lives in a cluster. */
export interface ObjectReference {
  apiVersion: string;
  kind: string;
  /** Absent for what belongs to no namespace. */
  namespace?: string;
  name: string;
}

/** How the official plugin's provider resource is configured, as far as the stand-in knows it. */
export interface ClusterConfig {
  /** Context of the kubeconfig. @default - its current one */
  context?: string;
  /** "true" takes fields over that somebody else has changed; without it that is an error. */
  enablePatchForce?: string;
}

/** What the provider asks of an API server. Every call resolves when the server has answered; `ready` when the object does its work. */
export interface Cluster {
  configure(config: ClusterConfig): void;
  /** Server-side apply; the object as the server then has it. `create` refuses an object that is there already. */
  apply(manifest: Props, mode: "create" | "update"): Promise<Props>;
  /** Until the object works: a controller's pods are ready, a job has ended, a Service has somebody behind it. */
  ready(reference: ObjectReference, signal: AbortSignal): Promise<void>;
  /** The object as it is, or undefined when it is gone. */
  get(reference: ObjectReference): Promise<Props | undefined>;
  /** Until the object and what it owns are gone. */
  remove(reference: ObjectReference, signal: AbortSignal): Promise<void>;
}
