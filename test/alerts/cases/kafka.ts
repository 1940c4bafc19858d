import { ladder, type AlertCase, type Fired, type Series } from "../case";

const both: Fired["severity"][] = ["warning", "critical"];

/** A metric of the three brokers. */
const brokers = (metric: string, values: [number, number, number]): Series =>
  Object.fromEntries(values.map((value, index) => [`${metric}{system="ultrathink",service="kafka-${index + 1}"}`, `${value}x60`]));

export const kafka: AlertCase[] = [
  ...ladder("KafkaUnderReplicatedPartitions", {
    series: count => brokers("kafka_server_replicamanager_underreplicatedpartitions", [Math.min(count, 6), Math.max(0, count - 6), 0]),
    labels: { service: "kafka" },
    steps: [
      [0, []],
      [1, ["warning"]],
      [9, ["warning"]],
      [10, ["warning"]],
      [11, both],
    ],
    waits: [
      ["4m", []],
      ["6m", ["critical"]],
      ["11m", both],
    ],
    text: {
      step: 9,
      severity: "warning",
      summary: "Kafka has 9 under-replicated partitions",
      description: "9 partitions lack a replica: a broker is down or does not keep up. Fires at > 0.",
    },
  }),
  ...ladder("KafkaUnderMinIsr", {
    series: count => brokers("kafka_server_replicamanager_underminisrpartitioncount", [0, count, 0]),
    labels: { service: "kafka" },
    steps: [
      [0, []],
      [1, ["critical"]],
    ],
    waits: [
      ["4m", []],
      ["6m", ["critical"]],
    ],
    text: {
      step: 1,
      severity: "critical",
      summary: "Kafka refuses writes to 1 partitions",
      description: "1 partitions have fewer in-sync replicas than min.insync.replicas, so producers with acks=all are refused.",
    },
  }),
  ...ladder("KafkaActiveControllers", {
    series: count => brokers("kafka_controller_kafkacontroller_activecontrollercount", [Math.min(count, 1), Math.max(0, count - 1), 0]),
    labels: { service: "kafka" },
    steps: [
      [1, []],
      [0, ["critical"]],
      [2, ["critical"]],
    ],
    waits: [
      ["1m", []],
      ["3m", ["critical"]],
    ],
    text: {
      step: 2,
      severity: "critical",
      summary: "Kafka has 2 active controllers instead of one",
      description: "The brokers report 2 active controllers. Without one no leader is elected; with two the cluster is split.",
    },
  }),
  ...ladder("KafkaOfflinePartitions", {
    series: count => brokers("kafka_controller_kafkacontroller_offlinepartitionscount", [count, 0, 0]),
    labels: { service: "kafka" },
    steps: [
      [0, []],
      [1, ["critical"]],
    ],
    waits: [
      ["1m", []],
      ["3m", ["critical"]],
    ],
    text: {
      step: 1,
      severity: "critical",
      summary: "Kafka has 1 partitions without a leader",
      description: "1 partitions have no leader and can be neither written nor read.",
    },
  }),
  ...ladder("ConsumerLagHigh", {
    // Two partitions that carry the lag and one that was never read.
    series: lag => ({
      'kafka_consumergroup_lag{system="ultrathink",service="kafka-exporter",consumergroup="forensics-consumer",topic="trading_decisions",partition="0"}': `${lag - 4000}x60`,
      'kafka_consumergroup_lag{system="ultrathink",service="kafka-exporter",consumergroup="forensics-consumer",topic="trading_decisions",partition="1"}':
        "4000x60",
      'kafka_consumergroup_lag{system="ultrathink",service="kafka-exporter",consumergroup="forensics-consumer",topic="trading_decisions",partition="2"}':
        "-1x60",
      'kafka_consumergroup_lag{system="ultrathink",service="kafka-exporter",consumergroup="somebody-else",topic="trading_decisions",partition="0"}':
        "99999x60",
    }),
    labels: { service: "forensics-consumer" },
    steps: [
      [9999, []],
      [10_000, ["warning"]],
      [10_001, ["warning"]],
      [49_999, ["warning"]],
      [50_000, both],
      [50_001, both],
    ],
    waits: [
      ["4m", []],
      ["6m", ["critical"]],
      ["11m", both],
    ],
    text: {
      step: 10_000,
      severity: "warning",
      summary: "forensics-consumer is 10k messages behind",
      description: "The consumer group forensics-consumer has 10k messages that it has not read. Fires at >= 10000.",
    },
  }),
];
