import { jsonStringify, type Input } from "@pulumi/pulumi";
import type { System } from "../../systems/declaration";
import { fromRow, row } from "../resources";
import type { ServiceSpec } from "../spec";
import { metricsPort } from "./environment";
import { answers } from "./exporter-health";

const PASSWORDS = "/run/secrets/redis-passwords.json";

/** redis_exporter of one Redis. */
export function redisExporterSpec(system: System, exporter: { service: string; of: string }, password: Input<string>): ServiceSpec {
  const { service, of } = exporter;
  const { containerPort } = row(system, of);
  const address = `redis://${of}:${containerPort ?? 6379}`;
  const port = metricsPort(system, service);
  return {
    ...fromRow(system, service),
    entrypoint: ["/redis_exporter"],
    command: [`--redis.addr=${address}`, `--redis.password-file=${PASSWORDS}`, `--web.listen-address=0.0.0.0:${port}`],
    user: 59000,
    files: [{ path: PASSWORDS, kind: "secret", content: jsonStringify({ [address]: password }) }],
    health: { command: answers(port, "redis_up"), startup: "60s" },
    stopGrace: "10s",
  };
}
