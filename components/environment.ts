import { DeclarationError, members, scaleOf, validate, without, type Scale, type ServiceRow, type System } from "../systems/declaration";
import type { StackConfig } from "../config";
import { releasedServices } from "./backends/kubernetes/tracks";
import { releaseFaults } from "./releases";
import { inAws } from "./backup/aws";

/** A system as one stack brings it up: what is left out is gone from it, and why is known. */
export interface StackSystem {
  system: System;
  /** Service → reason. */
  leftOut: Record<string, string>;
}

/**
 * Takes away what this stack's backend, GPUs and config leave out, then checks the rest.
 *
 * @param stack its name, which its buckets in AWS have too
 */
export function stackSystem(declared: System, config: StackConfig, stack: string): StackSystem {
  const faults: string[] = [];
  for (const [key, services] of Object.entries({ leaveOut: config.leaveOut, images: config.images, gpuDevices: config.gpuDevices })) {
    for (const service of Object.keys(services)) {
      if (!declared.services[service])
        faults.push(`${key}: there is no service "${service}"; services are ${Object.keys(declared.services).join(", ")}`);
    }
  }
  if (!declared.trainingProfiles[config.trainingProfile]) {
    faults.push(`trainingProfile: "${config.trainingProfile}" is not allowed; use ${Object.keys(declared.trainingProfiles).join(" or ")}`);
  }
  faults.push(...releaseFaults(declared, config));
  const backedUp = declared.backups && !(declared.backups.service in config.leaveOut);
  if (config.backend === "kubernetes" && backedUp && !config.aws) {
    faults.push(
      'aws: is not set, and backups on kubernetes go to S3; name account and region, such as {"account":"123456789012","region":"us-east-1"}',
    );
  }
  const owners = new Map<string, string>();
  for (const [service, devices] of Object.entries(config.gpuDevices)) {
    const request = declared.services[service]?.gpu;
    if (!request) {
      faults.push(`gpuDevices: "${service}" asks for no GPU; remove it, or declare \`gpu\` in its row`);
      continue;
    }
    if (devices.length !== request.count)
      faults.push(`gpuDevices: "${service}" asks for ${request.count} GPU and is given ${devices.length}; name exactly ${request.count}`);
    for (const device of devices) {
      const owner = owners.get(device);
      if (owner && request.sharing === "exclusive")
        faults.push(
          `gpuDevices: device "${device}" is given to ${owner} and ${service}, which ask for it exclusively; name another one or leave one of them out`,
        );
      owners.set(device, service);
    }
  }
  if (faults.length > 0) throw new DeclarationError(declared.name, faults);

  const leftOut: Record<string, string> = { ...config.leaveOut };
  for (const [service, row] of Object.entries(declared.services)) {
    if (row.only && !row.only.includes(config.backend)) leftOut[service] = `it belongs to ${row.only.join(" and ")} alone`;
  }
  const gpuExporter = declared.observability.exporters.gpu;
  if (gpuExporter && config.backend === "docker" && Object.keys(config.gpuDevices).length === 0)
    leftOut[gpuExporter] = "this stack's config says that there is no GPU";
  const system = without(declared, Object.keys(leftOut));
  validate(system, config.portOffset);
  return { system: config.backend === "kubernetes" ? inAws(onManyNodes(system), config.aws, stack) : onOneMachine(system), leftOut };
}

/** One machine runs one of each, whatever the declaration would have more of. */
function onOneMachine(system: System): System {
  return { ...system, availability: {} };
}

/**
 * Where every replica has an address of its own, a group's members share one port, and none is needed for clients on the host. The network is not the
 * stack's alone, so Kafka demands TLS and passwords. The clock is the platform's, so nothing is there that could be asked about it, and so are the
 * measurements of containers.
 */
function onManyNodes(system: System): System {
  const rows: Record<string, ServiceRow> = {};
  const { scheduler } = system;
  if (scheduler) rows[scheduler.service] = { ...system.services[scheduler.service]!, scrape: undefined };
  for (const group of Object.keys(system.groups)) {
    const [first, ...rest] = members(system, group);
    const port = system.services[first!]?.port;
    for (const member of [first!, ...rest]) rows[member] = { ...system.services[member]!, port, containerPort: undefined };
  }
  const { kafka, observability } = system;
  return {
    ...system,
    kafka: kafka && { ...kafka, saslSsl: true },
    services: { ...system.services, ...rows },
    observability: { ...observability, exporters: { ...observability.exporters, cadvisor: undefined } },
  };
}

/** What the declaration intends and a stack on one machine cannot do, by service or group. */
export function unmetIntents(declared: System, backend: StackConfig["backend"]): Record<string, string> {
  if (backend !== "docker") return {};
  return Object.fromEntries(
    Object.entries(declared.availability).map(([name, { scale, survives }]) => {
      const most = scale?.max ? ` to ${scale.max} by load` : "";
      const many = scale ? `${scale.min}${most} of it, ` : "";
      return [name, `${many}surviving the loss of a ${survives}: here is one machine, with one of each`];
    }),
  );
}

/** GPUs that a stack takes: at its least, at its most, and beside them for the candidate of a release. */
export function gpuCount(system: System): { least: number; most: number; candidate: number } {
  const asking = Object.entries(system.services).filter(([, row]) => row.gpu && !row.onEvery);
  const sum = (count: (scale: Scale) => number) => asking.reduce((total, [name, { gpu }]) => total + gpu!.count * count(scaleOf(system, name)), 0);
  const released = releasedServices(system).map(name => system.services[name]!.gpu?.count ?? 0);
  return { least: sum(({ min }) => min), most: sum(({ min, max }) => max ?? min), candidate: Math.max(0, ...released) };
}
