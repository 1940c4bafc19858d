import { kafkaCluster } from "../environment";
import { oneOf, rule, thresholdRules, type Family } from "./rule";

/** Replication, control and consumers of Kafka. Each broker reports the partitions that it leads, so the cluster is their sum. */
export const kafka: Family = system => {
  if (!system.kafka) return [];
  const { brokers, consumerGroups } = system.kafka;
  const { underReplicatedPartitions, consumerLag } = system.alerting.thresholds;
  const service = kafkaCluster(system, brokers);
  return [
    ...thresholdRules(system, underReplicatedPartitions, {
      name: "KafkaUnderReplicatedPartitions",
      service,
      expr: comparison => `sum by (system) (kafka_server_replicamanager_underreplicatedpartitions) ${comparison}`,
      summary: "Kafka has {{ $value }} under-replicated partitions",
      description: "{{ $value }} partitions lack a replica: a broker is down or does not keep up.",
    }),
    rule(system, "critical", "critical", {
      name: "KafkaUnderMinIsr",
      service,
      expr: "sum by (system) (kafka_server_replicamanager_underminisrpartitioncount) > 0",
      summary: "Kafka refuses writes to {{ $value }} partitions",
      description: "{{ $value }} partitions have fewer in-sync replicas than min.insync.replicas, so producers with acks=all are refused.",
    }),
    rule(system, "critical", "down", {
      name: "KafkaActiveControllers",
      service,
      expr: "sum by (system) (kafka_controller_kafkacontroller_activecontrollercount) != 1",
      summary: "Kafka has {{ $value }} active controllers instead of one",
      description: "The brokers report {{ $value }} active controllers. Without one no leader is elected; with two the cluster is split.",
    }),
    rule(system, "critical", "down", {
      name: "KafkaOfflinePartitions",
      service,
      expr: "sum by (system) (kafka_controller_kafkacontroller_offlinepartitionscount) > 0",
      summary: "Kafka has {{ $value }} partitions without a leader",
      description: "{{ $value }} partitions have no leader and can be neither written nor read.",
    }),
    // A group is named after the service that consumes; a partition that it never read reports -1.
    ...thresholdRules(system, consumerLag, {
      name: "ConsumerLagHigh",
      expr: comparison =>
        `sum by (system, service) (label_replace(clamp_min(kafka_consumergroup_lag{consumergroup=~"${oneOf(consumerGroups)}"}, 0), "service", "$1", "consumergroup", "(.+)")) ${comparison}`,
      summary: "{{ $labels.service }} is {{ $value | humanize }} messages behind",
      description: "The consumer group {{ $labels.service }} has {{ $value | humanize }} messages that it has not read.",
    }),
  ];
};
