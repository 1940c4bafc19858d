import * as pulumi from "@pulumi/pulumi";
import { mebibytes, type Memory, type System } from "../systems/declaration";
import type { Backend } from "./backends/backend";
import { fromRow } from "./resources";
import type { ServiceSpec } from "./spec";

const CONFIG = "/etc/kafka/ultrathink.properties";

/** ZooKeeper's properties. The default whitelist lacks `ruok`, which the runbook uses. */
export function zookeeperProperties(): string {
  return [
    "dataDir=/var/lib/zookeeper/data",
    "dataLogDir=/var/lib/zookeeper/log",
    "clientPort=2181",
    "tickTime=2000",
    "maxClientCnxns=60",
    "admin.enableServer=false",
    "4lw.commands.whitelist=srvr,ruok,mntr",
    "autopurge.snapRetainCount=3",
    "autopurge.purgeInterval=24",
    "",
  ].join("\n");
}

export function zookeeperSpec(system: System, zookeeper: { service: string; heap: Memory }): ServiceSpec {
  const heap = `${mebibytes(zookeeper.heap)}m`;
  return {
    ...fromRow(system, zookeeper.service),
    user: 1000,
    command: ["bash", "-c", `export KAFKA_HEAP_OPTS='-Xms${heap} -Xmx${heap}'; exec zookeeper-server-start ${CONFIG}`],
    files: [{ path: CONFIG, kind: "zookeeper", content: zookeeperProperties() }],
    volumes: [
      { volume: "zookeeperData", path: "/var/lib/zookeeper/data" },
      { volume: "zookeeperLog", path: "/var/lib/zookeeper/log" },
    ],
    health: {
      command: ["bash", "-c", "exec 3<>/dev/tcp/localhost/2181 && echo srvr >&3 && grep -q Mode <&3"],
      startup: "90s",
    },
    stopGrace: "60s",
  };
}

/** The ensemble that Kafka keeps its metadata in (runbook: Common Failure Scenarios 2). */
export class ZooKeeper extends pulumi.ComponentResource {
  constructor(
    name: string,
    args: { system: System; zookeeper: { service: string; heap: Memory }; backend: Backend },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("ultrathink:zookeeper:ZooKeeper", name, {}, opts);
    args.backend.service(zookeeperSpec(args.system, args.zookeeper), { parent: this });
    this.registerOutputs({});
  }
}
