import { interpolate, type Input } from "@pulumi/pulumi";
import { AUTHORITY, authorityFile, type ServerCertificate } from "../authority";
import type { FileMount } from "../spec";
import { CLIENT } from "./client";

const JAAS = "/run/secrets/kafka-jaas.conf";
const KEYSTORE = "/run/secrets/kafka-keystore.pem";
/** Whom the brokers know each other as. */
const BROKER = "broker";
const LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule required";

/** Settings by which brokers speak TLS, to each other too, and demand a password inside it. Passwords are in the JAAS file alone. */
export const saslSslProperties: Record<string, string> = {
  "sasl.enabled.mechanisms": "PLAIN",
  "sasl.mechanism.inter.broker.protocol": "PLAIN",
  "ssl.keystore.type": "PEM",
  "ssl.keystore.location": KEYSTORE,
  "ssl.truststore.type": "PEM",
  "ssl.truststore.location": AUTHORITY,
};

/** Options of a broker's JVM. ZooKeeper asks nobody who they are. */
export const saslSslOptions = `-Djava.security.auth.login.config=${JAAS} -Dzookeeper.sasl.client=false`;

export interface SaslSslArgs {
  /** PEM of the authority that signed the brokers' certificate. */
  authority: Input<string>;
  certificate: ServerCertificate;
  brokerPassword: Input<string>;
  clientPassword: Input<string>;
}

/** The files of a broker, and the settings that the command-line tools in its container need (`--command-config`). */
export function saslSslFiles({ authority, certificate, brokerPassword, clientPassword }: SaslSslArgs): FileMount[] {
  const users = interpolate`user_${BROKER}="${brokerPassword}" user_${CLIENT}="${clientPassword}"`;
  return [
    authorityFile(authority),
    { path: KEYSTORE, kind: "secret", content: interpolate`${certificate.key}${certificate.certificate}` },
    {
      path: JAAS,
      kind: "secret",
      content: interpolate`KafkaServer {\n  ${LOGIN} username="${BROKER}" password="${brokerPassword}" ${users};\n};\n`,
    },
    {
      path: "/run/secrets/kafka-client.properties",
      kind: "secret",
      content: interpolate`security.protocol=SASL_SSL
sasl.mechanism=PLAIN
sasl.jaas.config=${LOGIN} username="${CLIENT}" password="${clientPassword}";
ssl.truststore.type=PEM
ssl.truststore.location=${AUTHORITY}
`,
    },
  ];
}
