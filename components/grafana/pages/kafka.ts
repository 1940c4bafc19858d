import type { PageOf } from "../page";
import { present } from "../page";
import { logs, stat, stateTimeline, timeseries, upOrDown } from "../panel";
import { alive, matching, ofServices, promql } from "../query";

/** Brokers, replication, topics, consumers, and ZooKeeper where it keeps the metadata. */
export const kafka: PageOf = system => {
  const { kafka: declared, zookeeper } = system;
  if (!declared) return undefined;
  const all = matching(system);
  const brokers = matching(system, ofServices(declared.brokers));
  const { underReplicatedPartitions, consumerLag } = system.alerting.thresholds;
  const count = (mbean: string) => promql(`sum(${mbean}${brokers})`);
  const perSecond = (metric: string) => promql(`sum by (service) (rate(${metric}${brokers}[$__rate_interval]))`, "{{service}}");
  const services = [...declared.brokers, ...present(system, zookeeper?.service)];
  return {
    slug: "kafka",
    title: zookeeper ? "Kafka and ZooKeeper" : "Kafka",
    rows: [
      {
        title: "Cluster",
        panels: [
          stat("Under-replicated partitions", "short", count("kafka_server_replicamanager_underreplicatedpartitions"), {
            threshold: underReplicatedPartitions,
            alert: "KafkaUnderReplicatedPartitions",
          }),
          stat("Partitions that refuse writes", "short", count("kafka_server_replicamanager_underminisrpartitioncount"), {
            threshold: { critical: "> 0" },
            alert: "KafkaUnderMinIsr",
          }),
          stat("Partitions without a leader", "short", count("kafka_controller_kafkacontroller_offlinepartitionscount"), {
            threshold: { critical: "> 0" },
            alert: "KafkaOfflinePartitions",
          }),
          stat("Active controllers", "short", count("kafka_controller_kafkacontroller_activecontrollercount"), {
            threshold: { critical: "< 1" },
            alert: "KafkaActiveControllers",
          }),
          stateTimeline("Up", upOrDown, promql(`min by (service) ${alive(system, ofServices(services))}`, "{{service}}"), {
            alert: "ServiceDown",
          }),
          timeseries(
            "Under-replicated partitions by broker",
            "short",
            promql(`sum by (service) (kafka_server_replicamanager_underreplicatedpartitions${brokers})`, "{{service}}"),
            {
              threshold: underReplicatedPartitions,
              alert: "KafkaUnderReplicatedPartitions",
            },
          ),
        ],
      },
      {
        title: "Brokers",
        panels: [
          timeseries("Messages in", "ops", perSecond("kafka_server_brokertopicmetrics_messagesin_total")),
          timeseries("Bytes in", "Bps", perSecond("kafka_server_brokertopicmetrics_bytesin_total")),
          timeseries("Bytes out", "Bps", perSecond("kafka_server_brokertopicmetrics_bytesout_total")),
          timeseries("Partitions", "short", [
            promql(`sum by (service) (kafka_server_replicamanager_leadercount${brokers})`, "led by {{service}}"),
            promql(`sum by (service) (kafka_server_replicamanager_partitioncount${brokers})`, "held by {{service}}"),
          ]),
          timeseries("Replicas that fell out of sync", "ops", perSecond("kafka_server_replicamanager_isrshrinks_total")),
          timeseries(
            "Java heap in use",
            "bytes",
            promql(`sum by (service) (jvm_memory_bytes_used${matching(system, ofServices(declared.brokers), 'area="heap"')})`, "{{service}}"),
          ),
        ],
      },
      ...(present(system, system.observability.exporters.kafka).length > 0
        ? [
            {
              title: "Topics and consumers",
              panels: [
                timeseries(
                  "Messages by topic",
                  "ops",
                  promql(
                    `sum by (topic) (rate(kafka_topic_partition_current_offset${matching(system, 'topic!~"__.*"')}[$__rate_interval]))`,
                    "{{topic}}",
                  ),
                ),
                timeseries(
                  "Consumer lag",
                  "short",
                  promql(`sum by (consumergroup) (clamp_min(kafka_consumergroup_lag${all}, 0))`, "{{consumergroup}}"),
                  {
                    threshold: consumerLag,
                    alert: "ConsumerLagHigh",
                  },
                ),
                timeseries(
                  "Replicas in sync, least of a topic",
                  "short",
                  promql(`min by (topic) (kafka_topic_partition_in_sync_replica${all})`, "{{topic}}"),
                ),
                timeseries(
                  "Members by consumer group",
                  "short",
                  promql(`max by (consumergroup) (kafka_consumergroup_members${all})`, "{{consumergroup}}"),
                ),
              ],
            },
          ]
        : []),
      { title: "Logs", panels: [logs(system, services)] },
    ],
  };
};
