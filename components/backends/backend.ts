import type { Resource } from "@pulumi/pulumi";
import type { JobSpec, ServiceSpec } from "../spec";

/** Where and as whose child a backend puts what it makes. */
export interface Placement {
  parent: Resource;
}

/** The seam between what a part is and where it runs. The only implementations live in this folder; nothing else knows a provider. */
export interface Backend {
  /** Makes a long-running service. It counts as ready when its health check passes. */
  service(spec: ServiceSpec, placement: Placement): void;
  /** Makes a one-shot task. Whoever needs `completes` also waits for it. */
  job(spec: JobSpec, placement: Placement & { completes: string }): void;
}
