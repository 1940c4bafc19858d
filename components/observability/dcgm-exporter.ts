import type { System } from "../../systems/declaration";
import { fromRow } from "../resources";
import type { ServiceSpec } from "../spec";
import { metricsPort } from "./environment";

/** NVIDIA's DCGM exporter: memory, load and temperature of each GPU. Only where there is one. */
export function dcgmExporterSpec(system: System, service: string): ServiceSpec {
  const port = metricsPort(system, service);
  return {
    ...fromRow(system, service),
    env: { DCGM_EXPORTER_LISTEN: `:${port}` },
    user: 0,
    // The image has bash and no HTTP client.
    health: {
      command: ["bash", "-c", `exec 3<>/dev/tcp/localhost/${port} && printf 'GET /health HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q ' 200 ' <&3`],
      startup: "120s",
    },
    stopGrace: "10s",
  };
}
