export function jmxConfig(): string {
  return `lowercaseOutputName: true
rules:
  - pattern: kafka.server<type=KafkaServer, name=BrokerState><>Value
    name: kafka_server_brokerstate
  - pattern: kafka.server<type=ReplicaFetcherManager, name=FailedPartitionsCount, clientId=Replica><>Value
    name: kafka_server_replicafetchermanager_failedpartitionscount
`;
}
