import { brokerProperties } from "../../../components/kafka/properties";
import { saslSslFiles, saslSslOptions } from "../../../components/kafka/sasl-ssl";
import type { Secrets } from "../../../components/secrets";
import { bootstrapServers, kafkaClient } from "../../../components/kafka/client";
import type { KafkaDeclaration } from "../../../systems/declaration";
import { ultrathink } from "../../../systems/ultrathink";

const parse = (text: string) =>
  Object.fromEntries(
    text
      .trim()
      .split("\n")
      .map(line => line.split(/=(.*)/s).slice(0, 2) as [string, string]),
  );

test("broker 2 is reached at kafka-2:9093 from inside and at localhost:9093 from the host, on two listeners", () => {
  const properties = parse(brokerProperties(ultrathink.kafka!, "kafka-2", { internal: 9093, host: { port: 19_093, published: 9093 } }));
  expect(properties).toMatchObject({
    "broker.id": "2",
    listeners: "INTERNAL://0.0.0.0:9093,HOST://0.0.0.0:19093",
    "advertised.listeners": "INTERNAL://kafka-2:9093,HOST://localhost:9093",
    "inter.broker.listener.name": "INTERNAL",
    "zookeeper.connect": "zookeeper:2181",
  });
});

test("the safety settings are those of the declaration", () => {
  expect(parse(brokerProperties(ultrathink.kafka!, "kafka-1", { internal: 9092, host: { port: 19_092, published: 9092 } }))).toMatchObject({
    "default.replication.factor": "3",
    "min.insync.replicas": "2",
    "offsets.topic.replication.factor": "3",
    "transaction.state.log.replication.factor": "3",
    "transaction.state.log.min.isr": "2",
    "unclean.leader.election.enable": "false",
    "auto.create.topics.enable": "false",
    "log.retention.hours": "168",
  });
});

test("in KRaft mode the same seam names voters and no ZooKeeper", () => {
  const kraft: KafkaDeclaration = {
    ...ultrathink.kafka!,
    brokers: ["kafka"],
    metadata: { kind: "kraft", controllerPort: 9093 },
    retention: { milliseconds: 86_400_000 },
  };
  const properties = parse(brokerProperties(kraft, "kafka", { internal: 29_092, host: { port: 9092, published: 9092 } }));
  expect(properties).toMatchObject({
    "node.id": "1",
    "process.roles": "broker,controller",
    "controller.quorum.voters": "1@kafka:9093",
    listeners: "INTERNAL://0.0.0.0:29092,HOST://0.0.0.0:9092,CONTROLLER://0.0.0.0:9093",
    "log.retention.ms": "86400000",
  });
  expect(properties).not.toHaveProperty("zookeeper.connect");
});

test("on a network that is not the stack's alone every listener demands a password inside TLS, of brokers too", () => {
  const secured: KafkaDeclaration = { ...ultrathink.kafka!, saslSsl: true };
  const properties = parse(brokerProperties(secured, "kafka-2", { internal: 9092, host: { port: 19_092, published: 9092 } }));
  expect(properties).toMatchObject({
    "listener.security.protocol.map": "INTERNAL:SASL_SSL,HOST:SASL_SSL",
    "inter.broker.listener.name": "INTERNAL",
    "sasl.enabled.mechanisms": "PLAIN",
    "sasl.mechanism.inter.broker.protocol": "PLAIN",
  });
  const named = [properties["ssl.keystore.location"], properties["ssl.truststore.location"], /login\.config=(\S+)/.exec(saslSslOptions)![1]];
  const args = {
    authority: "CA",
    certificate: { key: "a-key\n", certificate: "a-certificate\n" },
    brokerPassword: "b-secret",
    clientPassword: "c-secret",
  };
  const files = saslSslFiles(args);
  expect(files.map(({ path }) => path)).toEqual(expect.arrayContaining(named));
  expect(files.filter(({ kind }) => kind !== "secret").map(({ content }) => content)).toEqual(["CA"]);
  expect(JSON.stringify(properties)).not.toMatch(/-secret/);
});

test("a client is told who it is only where the brokers ask", () => {
  const secrets = { password: (name: string) => `password of ${name}` } as unknown as Secrets;
  expect(kafkaClient(ultrathink, ultrathink.kafka!, secrets)).toEqual({
    env: { KAFKA_BOOTSTRAP_SERVERS: "kafka-1:9092,kafka-2:9093,kafka-3:9094" },
    files: [],
  });
  const { env, files } = kafkaClient(ultrathink, { ...ultrathink.kafka!, saslSsl: true }, secrets);
  expect(env).toMatchObject({ KAFKA_USERNAME: "client", KAFKA_CA_FILE: "/etc/ssl/ultrathink/ca.crt" });
  expect(files).toEqual([{ path: env.KAFKA_PASSWORD_FILE, kind: "secret", content: "password of kafka-client" }]);
});

test("clients get every broker's own port", () => {
  expect(bootstrapServers(ultrathink, ultrathink.kafka!)).toBe("kafka-1:9092,kafka-2:9093,kafka-3:9094");
});
