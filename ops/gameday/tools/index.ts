import type { StackPlan } from "../../project";
import type { Figures } from "../journal";
import type { Backups } from "./backups";
import type { Containers } from "./containers";
import type { Database } from "./database";
import type { Kafka } from "./kafka";
import type { Operations } from "./operations";
import type { Prometheus } from "./prometheus";
import type { Queue } from "./queue";
import type { Tracking } from "./tracking";
import type { Vault } from "./vault";

/** What a scenario can do to a stack and ask of it. Public faces only: what an operator has, too. */
export interface Tools {
  plan: StackPlan;
  /** Everything that this run writes carries it, so that it is found again and told from other data. */
  mark: string;
  figures: Figures;
  say(text: string): void;
  /** Notes that this is the moment of the loss, from which the time to recover counts; its time in milliseconds. */
  lost(): number;
  database: Database;
  kafka: Kafka;
  queue: Queue;
  tracking: Tracking;
  prometheus: Prometheus;
  containers: Containers;
  backups: Backups;
  vault: Vault;
  operations: Operations;
}

/** Services of the reference workload and its surroundings that the scenarios call by name. */
export const services = {
  inference: "inference-service",
  worker: "training-orchestrator",
  tracking: "mlflow",
  prometheus: "prometheus",
} as const;
