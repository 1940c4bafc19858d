import type { Resource } from "@pulumi/pulumi";
import type { JobSpec, ScheduleSpec, ServiceSpec } from "../spec";
import type { Discovery } from "../discovery";

/** Where and as whose child a backend puts what it makes. */
export interface Placement {
  parent: Resource;
}

/** The seam between what a part is and where it runs. The only implementations live in this folder; nothing else knows a provider. */
export interface Backend {
  /** How what runs here is found by those who watch it. */
  readonly discovery: Discovery;
  /** Makes a long-running service. It counts as ready when its health check passes. */
  service(spec: ServiceSpec, placement: Placement): void;
  /** Makes a one-shot task. Whoever needs `completes` also waits for it. */
  job(spec: JobSpec, placement: Placement & { completes: string }): void;
  /** Makes tasks that the clock starts. `runner` is the service that runs them all where the backend has no clock of its own. */
  schedules(specs: ScheduleSpec[], runner: () => ServiceSpec, placement: Placement): void;
  /** Called once, after the last part. Resolves when everything works, in a preview at once. */
  finish(): Promise<void>;
}
