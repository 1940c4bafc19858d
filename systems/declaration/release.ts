import type { Duration } from "./units";

/** How new versions of serving workloads come to their clients: beside the old one, through a gate, by one switch. */
export interface ReleaseDeclaration {
  /** Released services, and what a version of each must answer with 200: paths of GET requests that change nothing. */
  smoke: Record<string, string[]>;
  /** What Prometheus must have measured of a candidate before clients get it. The gate asks itself, since a candidate has no clients yet. */
  gate: {
    /** How long it is asked and measured. */
    period: Duration;
    requestsPerSecond: number;
    /** Answers with a status of 5xx stay below this share of all, in percent. */
    errorPercent: number;
    /** The 95th percentile of the time to answer stays below this. */
    p95Milliseconds: number;
  };
  /** How long the version before stays ready to take over again. */
  rollbackWindow: Duration;
}
