import * as pulumi from "@pulumi/pulumi";
import { mebibytes, scaleOf, type Memory, type System } from "../systems/declaration";
import type { Backend } from "./backends/backend";
import { fromRow, replicaAddress } from "./resources";
import type { ServiceSpec } from "./spec";

const CONFIG = "/etc/kafka/ultrathink.properties";
const DATA = "/var/lib/zookeeper/data";

/**
 * ZooKeeper's properties. The default whitelist lacks `ruok`, which the runbook uses.
 *
 * @param servers addresses of the ensemble, in order of their id, which counts from 1; none for a server that stands alone
 */
export function zookeeperProperties(servers: string[] = []): string {
  return [
    `dataDir=${DATA}`,
    "dataLogDir=/var/lib/zookeeper/log",
    "clientPort=2181",
    "tickTime=2000",
    "maxClientCnxns=60",
    "admin.enableServer=false",
    "4lw.commands.whitelist=srvr,ruok,mntr",
    "autopurge.snapRetainCount=3",
    "autopurge.purgeInterval=24",
    ...(servers.length > 0 ? ["initLimit=10", "syncLimit=5", ...servers.map((host, index) => `server.${index + 1}=${host}:2888:3888`)] : []),
    "",
  ].join("\n");
}

export function zookeeperSpec(system: System, zookeeper: { service: string; heap: Memory }): ServiceSpec {
  const heap = `${mebibytes(zookeeper.heap)}m`;
  const { min } = scaleOf(system, zookeeper.service);
  const servers = min > 1 ? Array.from({ length: min }, (_, index) => replicaAddress(zookeeper.service, index + 1)) : [];
  return {
    ...fromRow(system, zookeeper.service),
    user: 1000,
    command: [
      "bash",
      "-c",
      [
        `export KAFKA_HEAP_OPTS='-Xms${heap} -Xmx${heap}'`,
        // A server of an ensemble reads its id from a file; the replica's number is the end of its host name.
        ...(servers.length > 0 ? [`echo "\${HOSTNAME##*-}" > ${DATA}/myid`] : []),
        `exec zookeeper-server-start ${CONFIG}`,
      ].join("; "),
    ],
    files: [{ path: CONFIG, kind: "zookeeper", content: zookeeperProperties(servers) }],
    peerPorts: servers.length > 0 ? [2888, 3888] : undefined,
    writes: ["/var/log/kafka"],
    volumes: [
      { volume: "zookeeperData", path: DATA },
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
