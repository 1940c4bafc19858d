import type { Alerting } from "./alerting";
import type { BackupsDeclaration } from "./backup";
import type { ReleaseDeclaration } from "./release";
import type { Availability, ServiceRow, Tier } from "./service";
import type { Duration, Memory } from "./units";

/** How brokers agree on metadata: a ZooKeeper ensemble (Kafka 3.9 is the last line that has it) or KRaft controllers. */
export type KafkaMetadata = { kind: "zookeeper"; service: string } | { kind: "kraft"; controllerPort: number };

export interface Topic {
  name: string;
  partitions: number;
  /** Topic settings that differ from the brokers' defaults, in Kafka's own words. */
  config?: Record<string, string>;
}

export interface KafkaDeclaration {
  metadata: KafkaMetadata;
  /** Broker services in order of `broker.id`, which counts from 1. */
  brokers: string[];
  heap: Memory;
  replicationFactor: number;
  minInsyncReplicas: number;
  retention: { hours: number } | { milliseconds: number };
  topics: Topic[];
  /** Brokers demand TLS and a password of everybody, and of one another. A stack on many nodes sets it. @default - plain text, on one machine's own network */
  saslSsl?: true;
  consumerGroups: string[];
}

export interface DatabaseDeclaration {
  service: string;
  /** TimescaleDB's extension and policies, or plain PostgreSQL. */
  engine: "timescaledb" | "postgresql";
  superuser: string;
  database: string;
  /** Server settings, in PostgreSQL's own words; never left to a tuner. */
  settings: Record<string, string>;
  /** Size of /dev/shm, which parallel queries need above Docker's 64M. */
  sharedMemory: Memory;
  /** Login roles, each with a generated password. `database`: a database that the role owns. */
  roles: { name: string; database?: string; privileges: "owner" | "read-write" | "read-only" | "monitor" | "maintain" }[];
  /** Schema file beside the system's declaration. */
  schema: string;
  retention: TableRetention[];
}

export interface TableRetention {
  table: string;
  /** Time covered by one chunk. */
  chunk: Duration;
  /** Age after which chunks are compressed (needs TimescaleDB's community edition). */
  compressAfter: Duration;
  /** Age after which raw rows are dropped. */
  dropAfter: Duration;
  /** Hourly roll-up kept longer than the raw rows. */
  hourlyRollup?: { dropAfter: Duration };
}

export interface RedisDeclaration {
  /** Bytes; Redis reads 2GB of the runbook as 2·10⁹. */
  maxmemory: number;
  policy: "allkeys-lru" | "allkeys-lfu" | "noeviction";
  /** `none` for a cache: measured, 2·10⁹ bytes inside 2G survive only without persistence. */
  persistence: "none" | "aof-and-rdb";
}

export interface ObjectStoreDeclaration {
  service: string;
  buckets: { name: string; versioning: boolean }[];
}

export interface MlflowDeclaration {
  service: string;
  workers: number;
  database: string;
  bucket: string;
}

export interface ObservabilityDeclaration {
  prometheus: { service: string; retention: Duration; retentionSize: Memory; scrapeInterval: Duration };
  alertmanager: { service: string };
  grafana: { service: string };
  loki: { service: string; retention: Duration };
  canary: { service: string };
  logAgent: { service: string };
  exporters: {
    node: string;
    /** Measures containers. Absent where the platform does that itself. */
    cadvisor?: string;
    blackbox: string;
    postgres: { service: string; of: string };
    redis: { service: string; of: string }[];
    kafka?: string;
    gpu?: string;
    /** Tells what the API of the platform that it runs on keeps about the stack's objects. Absent where there is no such API. */
    kubeState?: string;
  };
}

export interface WorkloadDeclaration {
  /** Settings in the workload's own words; never a secret. */
  env?: Record<string, string>;
  kind: "http" | "celery-worker";
}

/** A recurring job, UTC, in cron's grammar. `command` runs in the scheduler's image. */
export interface ScheduledJob {
  name: string;
  schedule: string;
  command: string[];
  /** What it does and which line of the runbook asks for it. */
  purpose: string;
}

/** A data volume: outlives its container, protected and retained. */
export interface DataVolume {
  service: string;
  /** Name after the project's prefix: `timescale_data` becomes `infrastructure_timescale_data`. */
  name: string;
  /** Size of the claim on Kubernetes; Docker's volumes have none. */
  size: Memory;
  /** Backup job that takes it, or why none does. */
  backup: string | { none: string };
}

/** A system outside the stack that its services reach. */
export interface ExternalSystem {
  host: string;
  port: number;
  /** Docker network on which it answers under `host`. Absent: somewhere on the internet. */
  network?: string;
  /** ARN of the AWS role that whoever reaches it has there. @default - it is reached with keys, or by anybody */
  awsRole?: string;
  /** What the stack wants from it. */
  purpose: string;
}

/** One runbook as typed data. Parts that a system does not have are absent. */
export interface System {
  name: string;
  /** Compose project: prefix of volumes, label of containers (`docker compose -p <project>`). */
  project: string;
  /** Prefix of container names: `ultrathink-redis`. Kubernetes uses `namespace` and the bare name. */
  containerPrefix: string;
  namespace: string;
  /** File of the runbook's page in docs/. */
  runbook: string;
  services: Record<string, ServiceRow>;
  /** Names that stand for several services in `needs` and `uses`. */
  groups: Record<string, string[]>;
  /** Everything outside the stack that a row may name in `external`. */
  external: Record<string, ExternalSystem>;
  /** Replicas by service or group; what is not named here is one of its kind. */
  availability: Record<string, Availability>;
  /** Tier of each service; those that none names only watch. */
  tiers: Record<Exclude<Tier, "observability">, string[]>;
  database?: DatabaseDeclaration;
  zookeeper?: { service: string; heap: Memory };
  kafka?: KafkaDeclaration;
  redis: Record<string, RedisDeclaration>;
  objectStore?: ObjectStoreDeclaration;
  mlflow?: MlflowDeclaration;
  observability: ObservabilityDeclaration;
  workloads: Record<string, WorkloadDeclaration>;
  /** Named sets of workload settings that stack config can choose (`trainingProfile`). */
  trainingProfiles: Record<string, { service: string; env: Record<string, string> }>;
  scheduler?: { service: string; jobs: ScheduledJob[] };
  volumes: Record<string, DataVolume>;
  backups?: BackupsDeclaration;
  releases?: ReleaseDeclaration;
  alerting: Alerting;
}
