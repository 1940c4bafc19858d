import type { System } from "../../../systems/declaration";

/** Ports on which a service is asked: what it is for, and its metrics where they have a port of their own. */
export interface Ports {
  service?: number;
  metrics?: number;
}

/** Port that a probe's target names: a service that publishes none is known by it alone. */
const targetPort = (target: string) => Number(/:(\d+)(?:\/|$)/.exec(target)?.[1]);

/** Ports of a service inside the cluster, from its row. */
export function portsOf(system: System, { name }: { name: string }): Ports {
  const row = system.services[name];
  if (!row) return {};
  const { port, containerPort, scrape } = row;
  const probed = scrape && "probe" in scrape ? targetPort(scrape.target) : undefined;
  const metrics = scrape && "port" in scrape ? scrape.port : undefined;
  const service = containerPort ?? port ?? probed ?? metrics;
  return { service, metrics: metrics === service ? undefined : metrics };
}
