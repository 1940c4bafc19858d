import { bytes, type System } from "../../systems/declaration";
import type { Discovery } from "../discovery";
import { fromRow, row } from "../resources";
import type { ServiceSpec } from "../spec";
import { weeklyRestart } from "../weekly-restart";
import { dataVolume, externalUrl, metricsPort, type ObservabilityEnvironment } from "./environment";
import { ruleFiles } from "./rules";
import { prometheusConfig, RULES_FOLDER } from "./scrape";

const CONFIG = "/etc/prometheus/prometheus.yml";
const DATA = "/prometheus";

/** Prometheus: every service's metrics, the alert rules. */
export function prometheusSpec(system: System, env: ObservabilityEnvironment, discovery: Discovery): ServiceSpec {
  const { service, retention, retentionSize } = system.observability.prometheus;
  const port = metricsPort(system, service);
  const program = [
    "/bin/prometheus",
    `--config.file=${CONFIG}`,
    `--web.listen-address=0.0.0.0:${port}`,
    `--web.external-url=${externalUrl(system, env, service)}`,
    `--storage.tsdb.path=${DATA}`,
    `--storage.tsdb.retention.time=${retention}`,
    `--storage.tsdb.retention.size=${bytes(retentionSize)}B`,
  ];
  const { weeklyRestart: at } = row(system, service);
  return {
    ...fromRow(system, service),
    ...(at ? weeklyRestart(at, program) : { entrypoint: program.slice(0, 1), command: program.slice(1) }),
    user: 65534,
    files: [
      { path: CONFIG, kind: "prometheus", content: prometheusConfig(system, discovery) },
      ...ruleFiles(system, env).map(({ family, content }) => ({ path: `${RULES_FOLDER}/${family}.yml`, kind: "prometheus-rules" as const, content })),
    ],
    volumes: [{ volume: dataVolume(system, service), path: DATA }],
    health: { command: ["wget", "-q", "-O", "/dev/null", `http://localhost:${port}/-/healthy`], startup: "120s", alive: "/-/healthy" },
    // The head block is written out first.
    stopGrace: "60s",
    asks: ["pods", "node-metrics"],
  };
}
