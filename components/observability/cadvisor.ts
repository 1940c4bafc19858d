import type { System } from "../../systems/declaration";
import { fromRow } from "../resources";
import type { ServiceSpec } from "../spec";
import { metricsPort } from "./environment";

/** cAdvisor: CPU, memory and limits of each container by name. Few metrics, read once per scrape: it has 0.3 cores. */
export function cadvisorSpec(system: System, service: string): ServiceSpec {
  const { scrapeInterval } = system.observability.prometheus;
  const port = metricsPort(system, service);
  return {
    ...fromRow(system, service),
    entrypoint: ["/usr/bin/cadvisor"],
    command: [
      `-port=${port}`,
      "-docker_only=true",
      "-store_container_labels=false",
      "-enable_metrics=cpu,memory,oom_event",
      `-housekeeping_interval=${scrapeInterval}`,
      "-allow_dynamic_housekeeping=false",
      "-logtostderr",
    ],
    user: 0,
    hostPaths: [
      { host: "/var/run/docker.sock", path: "/var/run/docker.sock" },
      { host: "/sys", path: "/sys" },
      { host: "/var/lib/docker", path: "/var/lib/docker" },
    ],
    health: { command: ["wget", "-q", "-O", "/dev/null", `http://localhost:${port}/healthz`], startup: "60s" },
    stopGrace: "10s",
  };
}
