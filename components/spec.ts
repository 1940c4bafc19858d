import type { Input } from "@pulumi/pulumi";
import type { Duration, GpuRequest, Memory } from "../systems/declaration";

/** What a file holds, so that the policy pack can find and parse it. */
export type ConfigKind =
  | "prometheus"
  | "prometheus-rules"
  | "alertmanager"
  | "loki"
  | "alloy"
  | "blackbox"
  | "kafka"
  | "kafka-topics"
  | "zookeeper"
  | "redis"
  | "jmx"
  | "crontab"
  | "sql"
  | "pg-hba"
  | "grafana-provisioning"
  | "grafana-dashboard"
  | "buckets"
  | "backup-plan"
  | "pgbackrest"
  | "script"
  | "account";

/** A text file in the container. Config is a plain string, never an Output: policies parse it during preview. */
export type FileMount =
  | { path: string; kind: ConfigKind; content: string; executable?: boolean }
  | { path: string; kind: "certificate"; content: Input<string> }
  /** Belongs to root, readable by the service's user alone, encrypted in the state. */
  | { path: string; kind: "secret"; content: Input<string> };

/** How a service proves that it works. */
export type Health =
  /** A command in the container, in exec form, that exits 0 when the service does its job. */
  | {
      command: string[];
      /** Time between checks @default "15s" */ interval?: Duration;
      /** @default "5s" */ timeout?: Duration;
      /** Consecutive failures until unhealthy @default 3 */ retries?: number;
      /** Longest start-up that is still in order. */ startup: Duration;
      /** Path that answers as long as the process itself works, whatever it needs. @default - its port takes connections */ alive?: string;
    }
  /** The image has no shell: it is asked from outside, on the port of its metrics, which Prometheus must reach. */
  | {
      probedBy: "prometheus";
      startup: Duration;
      /** Path that answers when the service does its job. @default "/metrics" */ ready?: string;
      /** Path that answers as long as the process itself works, whatever it needs. @default - its port takes connections */ alive?: string;
    };

/** One long-running service, free of any backend's words. */
export interface ServiceSpec {
  name: string;
  /** Key in images.lock.json. */
  image: string;
  entrypoint?: string[];
  command?: string[];
  /** Plain settings. Secrets never stand here; they are files. */
  env?: Record<string, string>;
  /** Numeric user that the container runs as; 0 only with a row in components/hardening.ts. */
  user: number;
  cpu: number;
  memory: Memory;
  reserved: Memory;
  gpu?: GpuRequest;
  sharedMemory?: Memory;
  /** Published ports: container port and host port before the stack's offset. */
  ports?: { container: number; host: number }[];
  files?: FileMount[];
  /** Data volumes: key in the system's `volumes`, and where it is mounted. `readOnly`: another service's data. */
  volumes?: { volume: string; path: string; readOnly?: boolean }[];
  /** Volumes by name that hold nothing worth keeping: a socket shared with a sidecar, room for a restore. They go with the stack. */
  scratch?: { volume: string; path: string }[];
  /** Service whose volumes it shares: on Kubernetes one pod with it. */
  sidecarOf?: string;
  /** Systems outside the stack that it reaches, by name of the system's `external`. */
  external?: string[];
  /** Read-only paths of the host (host agents only). */
  hostPaths?: { host: string; path: string }[];
  /** In-memory scratch paths, with their size. */
  tmpfs?: Record<string, Memory>;
  health: Health;
  /** Time between SIGTERM and SIGKILL; data loss is the price of too little. */
  stopGrace: Duration;
  /** Signal that asks it to stop. @default SIGTERM */
  stopSignal?: "SIGINT";
  /** What must be ready first: services, groups and their jobs. */
  needs: string[];
  /** Ports on which its replicas talk to each other, beside the one that it serves. */
  peerPorts?: number[];
  /** Paths that the image writes beside its data and /tmp; they need a place of their own where its root is read-only. */
  writes?: string[];
  /** Name that its user must have in /etc/passwd: PostgreSQL's initdb asks for it. */
  account?: string;
  /** What it asks the API of the platform that it runs on; nothing else may. */
  asks?: PlatformRight[];
}

/**
 * `pods`: where its services run. `pod-logs`: what they write. `node-metrics`: what their containers use. `objects`: how far what keeps them running is
 * as it should be.
 */
export type PlatformRight = "pods" | "pod-logs" | "node-metrics" | "objects";

/** A task that runs to completion once per change of its declaration. Idempotent: a failed one is run again. */
export interface JobSpec extends Omit<
  ServiceSpec,
  "health" | "ports" | "gpu" | "volumes" | "scratch" | "sidecarOf" | "hostPaths" | "stopGrace" | "stopSignal"
> {
  /** Longest run that is still in order. */
  deadline: Duration;
}

/** A task that the clock starts. */
export interface ScheduleSpec extends Omit<JobSpec, "needs"> {
  /** UTC, in cron's grammar. */
  schedule: string;
  purpose: string;
  /** Services that it talks to; it waits for none of them. */
  reaches: string[];
}
