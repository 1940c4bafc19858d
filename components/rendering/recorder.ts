import type { Backend, Placement } from "../backends/backend";
import type { Discovery } from "../discovery";
import type { JobSpec, ScheduleSpec, ServiceSpec } from "../spec";

/** Remembers what the parts hand over on its way to another backend. */
export class Recorder implements Backend {
  readonly services: ServiceSpec[] = [];
  readonly jobs: JobSpec[] = [];
  readonly clock: ScheduleSpec[] = [];

  constructor(private readonly backend: Backend) {}

  get discovery(): Discovery {
    return this.backend.discovery;
  }

  service(spec: ServiceSpec, placement: Placement): void {
    this.services.push(spec);
    this.backend.service(spec, placement);
  }

  job(spec: JobSpec, placement: Placement & { completes: string }): void {
    this.jobs.push(spec);
    this.backend.job(spec, placement);
  }

  schedules(specs: ScheduleSpec[], runner: () => ServiceSpec, placement: Placement): void {
    this.clock.push(...specs);
    const recorded = () => {
      const spec = runner();
      this.services.push(spec);
      return spec;
    };
    this.backend.schedules(specs, recorded, placement);
  }

  finish(): Promise<void> {
    return this.backend.finish();
  }
}
