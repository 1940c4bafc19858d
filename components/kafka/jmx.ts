import { stringify } from "yaml";

/** Beans that are read; each costs the broker time at every scrape, so there is nothing here that no alert, panel or health check uses. */
const beans = [
  "kafka.server:type=KafkaServer,name=BrokerState",
  "kafka.server:type=ReplicaFetcherManager,name=FailedPartitionsCount,clientId=Replica",
  "kafka.server:type=ReplicaManager,name=UnderReplicatedPartitions",
  "kafka.server:type=ReplicaManager,name=UnderMinIsrPartitionCount",
  "kafka.server:type=ReplicaManager,name=PartitionCount",
  "kafka.server:type=ReplicaManager,name=LeaderCount",
  "kafka.server:type=ReplicaManager,name=IsrShrinksPerSec",
  "kafka.controller:type=KafkaController,name=ActiveControllerCount",
  "kafka.controller:type=KafkaController,name=OfflinePartitionsCount",
  "kafka.server:type=BrokerTopicMetrics,name=MessagesInPerSec,topic=*",
  "kafka.server:type=BrokerTopicMetrics,name=BytesInPerSec,topic=*",
  "kafka.server:type=BrokerTopicMetrics,name=BytesOutPerSec,topic=*",
];

/** Configuration of the JMX exporter in a broker: metric names are the beans' own, in lower case. */
export function jmxConfig(): string {
  return stringify(
    {
      lowercaseOutputName: true,
      includeObjectNames: beans,
      rules: [
        {
          pattern: "kafka.server<type=BrokerTopicMetrics, name=(\\w+)PerSec, topic=(.+)><>Count",
          name: "kafka_server_brokertopicmetrics_$1_total",
          labels: { topic: "$2" },
          type: "COUNTER",
        },
        {
          pattern: "kafka.server<type=ReplicaManager, name=IsrShrinksPerSec><>Count",
          name: "kafka_server_replicamanager_isrshrinks_total",
          type: "COUNTER",
        },
        { pattern: "kafka.server<type=KafkaServer, name=BrokerState><>Value", name: "kafka_server_brokerstate", type: "GAUGE" },
        // The one value of its kind, so the client's name is no label.
        {
          pattern: "kafka.server<type=ReplicaFetcherManager, name=FailedPartitionsCount, clientId=Replica><>Value",
          name: "kafka_server_replicafetchermanager_failedpartitionscount",
          type: "GAUGE",
        },
        { pattern: "kafka.(server|controller)<type=(\\w+), name=(\\w+)><>Value", name: "kafka_$1_$2_$3", type: "GAUGE" },
      ],
    },
    { lineWidth: 0 },
  );
}
