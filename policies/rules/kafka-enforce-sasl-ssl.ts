import { onParts, onlyText } from "../parts";
import { parseProperties } from "../parsers/properties";
import type { StackRule } from "../rule";

/** Ways to prove who one is that Kafka itself brings, and that need no further server. */
const MECHANISMS = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"];

const list = (value: string | undefined) => (value ?? "").split(",").flatMap(word => word.trim() || []);

/** Listeners that somebody outside the broker's own container can reach, by name. */
function listenersOf(properties: Map<string, string>): string[] {
  return list(properties.get("listeners"))
    .map(listener => /^(\w+):\/\/(.*):\d+$/.exec(listener) ?? [listener, listener])
    .filter(([, , host]) => host !== "localhost" && host !== "127.0.0.1")
    .map(([, name]) => name!);
}

export const rule: StackRule = {
  name: "kafka-enforce-sasl-ssl",
  displayName: "SASL over TLS to the brokers",
  description:
    "On Kubernetes, whose network is not the stack's alone, every listener of a broker speaks TLS and demands a password inside it, from clients and brokers alike, and names are verified; on Docker the brokers are on a network of the stack's own.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps: "Map every listener of the broker's properties to SASL_SSL and name the mechanisms, for clients and between brokers.",
  tags: ["network", "secrets"],
  validateStack: onParts(
    ({ name, platform, book }) => platform === "kubernetes" && book?.kafka?.brokers[name] !== undefined,
    "there is no Kafka broker on a network that others share",
    part => {
      const { violation } = part;
      const text = onlyText(part, "kafka", "Give it the broker's properties as plain text");
      if (text === undefined) return;
      const properties = parseProperties(text);
      const listeners = listenersOf(properties);
      if (listeners.length === 0) violation("listeners is not set, which is plain text on 9092", "Name the listeners in the broker's properties");
      const protocols = new Map(list(properties.get("listener.security.protocol.map")).map(pair => pair.split(":") as [string, string]));
      for (const listener of listeners) {
        const protocol = protocols.get(listener);
        if (protocol !== "SASL_SSL")
          violation(
            `listener ${listener} speaks ${protocol ?? "what its name says"}, SASL_SSL is required`,
            "Map it in listener.security.protocol.map",
          );
      }
      for (const key of ["sasl.enabled.mechanisms", "sasl.mechanism.inter.broker.protocol"]) {
        const found = list(properties.get(key));
        if (found.length === 0 || found.some(mechanism => !MECHANISMS.includes(mechanism)))
          violation(`${key} is ${properties.get(key) ?? "not set"}, ${MECHANISMS.join(", ")} are allowed`, `Set ${key} to one of them`);
      }
      // Java's own default, https, compares the name.
      const verified = properties.get("ssl.endpoint.identification.algorithm") ?? "https";
      if (verified !== "https") {
        violation("ssl.endpoint.identification.algorithm is not https, so a broker takes any name for another's", "Remove it");
      }
    },
  ),
};
