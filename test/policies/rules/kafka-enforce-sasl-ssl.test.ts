import { rule } from "../../../policies/rules/kafka-enforce-sasl-ssl";
import { judgeStack, withConfigMap, withFile } from "../support";

const good: Record<string, string> = {
  listeners: "INTERNAL://0.0.0.0:9092",
  "listener.security.protocol.map": "INTERNAL:SASL_SSL",
  "sasl.enabled.mechanisms": "PLAIN",
  "sasl.mechanism.inter.broker.protocol": "PLAIN",
};
const broker = (changes: Record<string, string | undefined> = {}) =>
  Object.entries({ ...good, ...changes })
    .flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}\n`]))
    .join("");
const judged = (text: string) => judgeStack(rule, withConfigMap("kafka-2", "kafka", text));

it.each([
  ["brokers that demand a password inside TLS", broker()],
  ["SCRAM", broker({ "sasl.enabled.mechanisms": "SCRAM-SHA-256,SCRAM-SHA-512", "sasl.mechanism.inter.broker.protocol": "SCRAM-SHA-512" })],
  [
    "a listener that only the container itself can reach",
    broker({ listeners: "INTERNAL://:9092,LOCAL://localhost:9192", "listener.security.protocol.map": "INTERNAL:SASL_SSL,LOCAL:PLAINTEXT" }),
  ],
])("accepts %s", (_title, text) => {
  expect(judged(text)).toEqual({ violations: [] });
});

it.each([
  ["plain text", broker({ "listener.security.protocol.map": "INTERNAL:PLAINTEXT" }), "listener INTERNAL speaks PLAINTEXT, SASL_SSL is required"],
  ["TLS without a password", broker({ "listener.security.protocol.map": "INTERNAL:SSL" }), "listener INTERNAL speaks SSL"],
  ["a password in plain text", broker({ "listener.security.protocol.map": "INTERNAL:SASL_PLAINTEXT" }), "listener INTERNAL speaks SASL_PLAINTEXT"],
  [
    "a second listener beside",
    broker({ listeners: "INTERNAL://:9092,HOST://0.0.0.0:9093", "listener.security.protocol.map": "INTERNAL:SASL_SSL,HOST:PLAINTEXT" }),
    "listener HOST speaks PLAINTEXT",
  ],
  ["a listener that the map does not know", broker({ "listener.security.protocol.map": undefined }), "listener INTERNAL speaks what its name says"],
  ["Kafka's own listeners", broker({ listeners: undefined }), "listeners is not set"],
  ["a mechanism that needs a server of its own", broker({ "sasl.enabled.mechanisms": "PLAIN,GSSAPI" }), "sasl.enabled.mechanisms is PLAIN,GSSAPI"],
  [
    "brokers that ask one another for nothing",
    broker({ "sasl.mechanism.inter.broker.protocol": undefined }),
    "sasl.mechanism.inter.broker.protocol is not set",
  ],
  ["names that nobody looks at", broker({ "ssl.endpoint.identification.algorithm": "" }), "ssl.endpoint.identification.algorithm is not https"],
])("reports %s", (_title, text, message) => {
  expect(judged(text).violations).toEqual([expect.stringContaining(message)]);
});

it("reports a broker whose properties are not to be found", () => {
  expect(judgeStack(rule, withConfigMap("kafka-2", "script", broker())).violations).toEqual([expect.stringContaining("0 readable config files")]);
});

it("does not apply to a broker on one machine's own network", () => {
  expect(judgeStack(rule, [withFile("kafka-2", "kafka", broker({ "listener.security.protocol.map": "INTERNAL:PLAINTEXT" }))])).toEqual({
    violations: [],
    notApplicable: expect.any(String),
  });
});
