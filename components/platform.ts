import * as pulumi from "@pulumi/pulumi";
import { startOrder } from "../systems/declaration";
import type { StackConfig } from "../config";
import type { Backend } from "./backends/backend";
import { Backup } from "./backup/backup";
import { VaultClient } from "./backup/vault";
import { CertificateAuthority } from "./certificates";
import type { StackSystem } from "./environment";
import { Grafana } from "./grafana/grafana";
import { Kafka } from "./kafka/kafka";
import { Mlflow } from "./mlflow";
import { ObjectStore } from "./object-store";
import { Observability } from "./observability/observability";
import { Redis } from "./redis/redis";
import { Scheduler } from "./scheduler";
import { Secrets } from "./secrets";
import { TimescaleDb } from "./timescaledb/timescaledb";
import { Workload } from "./workload";
import { ZooKeeper } from "./zookeeper";

export interface PlatformArgs extends StackSystem {
  config: StackConfig;
  /** Makes the backend as the platform's child. */
  backend: (parent: pulumi.Resource) => Backend;
}

/** One whole system: every part of its declaration, each after what it needs. */
export class Platform extends pulumi.ComponentResource {
  /** Resolves when every part works; in a preview at once. */
  readonly ready: Promise<void>;

  constructor(name: string, args: PlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ultrathink:platform:Platform", name, {}, opts);
    const { system, config } = args;
    const parent = { parent: this };
    // First: without a vault nothing is made.
    const vault = system.backups && new VaultClient("vault", { stack: config.vault, system }, parent);
    const backend = args.backend(this);
    const secrets = new Secrets("secrets", parent);
    const authority = new CertificateAuthority(system.name, parent);
    const common = { system, secrets, authority, backend, portOffset: config.portOffset };
    const { database, zookeeper, kafka, objectStore, mlflow, scheduler, backups } = system;

    if (database) new TimescaleDb(database.service, { ...common, database, vault }, parent);
    for (const [redis, declaration] of Object.entries(system.redis)) new Redis(redis, { ...common, redis: declaration }, parent);
    if (zookeeper) new ZooKeeper(zookeeper.service, { ...common, zookeeper }, parent);
    if (kafka) new Kafka("kafka", { ...common, kafka }, parent);
    const observability = {
      docsUrl: config.docsUrl,
      portOffset: config.portOffset,
      notifications: Object.fromEntries(
        Object.entries(config.notifications).map(([receiver, { webhookUrl, pagerdutyRoutingKey }]) => [
          receiver,
          { webhookUrl, pagerdutyRoutingKey: pagerdutyRoutingKey === undefined ? undefined : pulumi.secret(pagerdutyRoutingKey) },
        ]),
      ),
    };
    new Observability("observability", { ...common, ...observability }, parent);
    if (system.services[system.observability.grafana.service])
      new Grafana(system.observability.grafana.service, { ...common, ...observability }, parent);
    if (objectStore) new ObjectStore(objectStore.service, { ...common, store: objectStore }, parent);
    if (mlflow && objectStore && database)
      new Mlflow(mlflow.service, { ...common, mlflow, store: objectStore, databaseHost: database.service }, parent);
    const profile = system.trainingProfiles[config.trainingProfile];
    for (const service of startOrder(system)) {
      const workload = system.workloads[service];
      if (workload) new Workload(service, { ...common, workload, profile: profile?.service === service ? profile.env : {} }, parent);
    }
    if (scheduler) new Scheduler(scheduler.service, { ...common, scheduler }, parent);
    if (backups && vault) new Backup(backups.service, { ...common, vault }, parent);
    this.ready = backend.finish();
    this.registerOutputs({});
  }
}
