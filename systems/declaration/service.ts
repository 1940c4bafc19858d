import type { Memory } from "./units";

/**
 * How a service uses a GPU. `exclusive`: one device, nobody else's. The shared forms say how the device is divided; time-slicing
 * gives no memory isolation, which is why a policy keeps training and live inference apart there.
 */
export type GpuRequest =
  { count: number; sharing: "exclusive" } | { count: number; sharing: "time-slicing" | "mps" } | { count: number; sharing: "mig"; profile: string };

/** Where Prometheus reads a service's metrics, or how it is probed when it has none of its own. */
export type Scrape =
  /** The service answers on this container port. `path` defaults to /metrics. */
  | { port: number; path?: string }
  /** The service exports another service's metrics; its series carry the other's `service` label. */
  | { port: number; path?: string; of: string }
  /** No metrics of its own: the blackbox exporter probes this address with this module. */
  | { probe: "tcp" | "http" | "https" | "zookeeper"; target: string };

/** One row of a runbook's resource table. */
export interface ServiceRow {
  /** Key in images.lock.json. @default - the service's own name */
  image?: string;
  /** Port on the host, before the stack's `portOffset`. Absent: not published. */
  port?: number;
  /** Port inside the container when it differs from `port`. */
  containerPort?: number;
  /** CPU limit in cores. */
  cpu: number;
  /** Memory limit; swap is never added to it. */
  memory: Memory;
  /** Docker's memory reservation, Kubernetes' memory request. */
  reserved: Memory;
  gpu?: GpuRequest;
  /** Services that must be healthy before this one starts. A group such as `kafka` means all its members and its topics. */
  needs?: string[];
  /** Services that it talks to without waiting for them: their loss opens a circuit breaker, it does not stop the start. */
  uses?: string[];
  /** Systems outside the stack that it reaches, by name of the system's `external`. */
  external?: string[];
  scrape?: Scrape;
  /** UTC time of a weekly restart (runbook: Weekly Tasks). */
  weeklyRestart?: { day: "Sunday"; hour: number };
  /** Backends that have this service; all of them when absent. */
  only?: ("docker" | "kubernetes")[];
  /** One on every node, or on every node with a GPU; one machine's Docker is one node. @default - as many as `availability` says */
  onEvery?: "node" | "gpu-node";
  /** Clients outside reach it, through the gateway of the cluster; one machine publishes its port on the loopback address alone. */
  exposed?: true;
}

/** Least replicas and, where load decides, most (Kubernetes; Docker runs one). */
export interface Scale {
  min: number;
  max?: number;
}

/** How many of a service, or of a group's members, there are, and what may be lost without its ending. */
export interface Availability {
  /** @default - one, and as many as there are members for a group */
  scale?: Scale;
  /** The loss that the rest carries on through. */
  survives: "node" | "zone";
}

/** Who stays when a cluster has too little room, highest first. */
export const TIERS = ["data", "inference", "observability", "training"] as const;
export type Tier = (typeof TIERS)[number];
