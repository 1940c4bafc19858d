import type { Input } from "@pulumi/pulumi";
import { members, type System } from "../../systems/declaration";

/** How a receiver of alerts is reached. Neither: its alerts show in Alertmanager, and nobody is called. */
export interface Notification {
  /** Address that gets every notification as JSON. */
  webhookUrl?: string;
  /** Integration key of a PagerDuty service; handed over as a file. */
  pagerdutyRoutingKey?: Input<string>;
}

/** What a stack adds to a system's declaration for its observability. */
export interface ObservabilityEnvironment {
  /** Address under which the files of this project can be read; base of every `runbook_url`. */
  docsUrl: string;
  /** Added to the ports in the links of alerts. */
  portOffset: number;
  /** By receiver of the escalation table, or `dead-mans-switch`. */
  notifications: Readonly<Record<string, Notification>>;
}

/** Services that only watch: without them the platform works, and nobody sees it. */
export function watchers(system: System): string[] {
  const { exporters, canary, logAgent } = system.observability;
  const { node, cadvisor, blackbox, postgres, redis, kafka, gpu, kubeState } = exporters;
  const all = [
    node,
    cadvisor,
    blackbox,
    postgres.service,
    ...redis.map(({ service }) => service),
    kafka,
    gpu,
    kubeState,
    canary.service,
    logAgent.service,
  ];
  return all.filter((name): name is string => name !== undefined && name in system.services);
}

/** Name of the scrape job of a service; the runbook's queries use `job=~"ultrathink-.*"`. */
export function jobName(system: System, service: string): string {
  return `${system.name}-${service}`;
}

/** Port of a service inside the network: its metrics, or the port that it serves. */
export function metricsPort(system: System, service: string): number {
  const scrape = system.services[service]?.scrape;
  if (!scrape || !("port" in scrape)) {
    throw new Error(`${system.name}: services.${service}.scrape names no port; write { port: <port> }`);
  }
  return scrape.port;
}

/** Name under which the brokers appear together: their group, or the only broker. */
export function kafkaCluster(system: System, brokers: string[]): string {
  const group = Object.keys(system.groups).find(name => members(system, name).join() === brokers.join());
  return group ?? brokers.join("-");
}

/** Address of a service from this machine, for links in alerts. */
export function externalUrl(system: System, env: ObservabilityEnvironment, service: string): string {
  return `http://localhost:${(system.services[service]?.port ?? 0) + env.portOffset}`;
}

/** Key of the data volume of a service in the system's `volumes`. */
export function dataVolume(system: System, service: string): string {
  const found = Object.entries(system.volumes).find(([, volume]) => volume.service === service);
  if (!found) {
    throw new Error(`${system.name}: "${service}" has no row in \`volumes\`; name its data volume there`);
  }
  return found[0];
}
