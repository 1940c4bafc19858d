import type { System } from "../../systems/declaration";
import { fromRow } from "../resources";
import type { ServiceSpec } from "../spec";
import { metricsPort } from "./environment";

/**
 * loki-canary: writes a line a second to its own log and waits for it in Loki, which measures the whole way of every other line. The labels that
 * it asks for are those that the log agent gives to its lines.
 */
export function lokiCanarySpec(system: System): ServiceSpec {
  const { canary, loki } = system.observability;
  return {
    ...fromRow(system, canary.service),
    entrypoint: ["/usr/bin/loki-canary"],
    command: [
      `-addr=${loki.service}:${metricsPort(system, loki.service)}`,
      "-labelname=service",
      `-labelvalue=${canary.service}`,
      "-streamname=stream",
      "-streamvalue=stdout",
      `-port=${metricsPort(system, canary.service)}`,
    ],
    user: 10001,
    health: { probedBy: "prometheus", startup: "60s" },
    stopGrace: "10s",
  };
}
