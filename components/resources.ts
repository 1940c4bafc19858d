import type { ServiceRow, System } from "../systems/declaration";
import type { ServiceSpec } from "./spec";

/** The row of a service; a name without one is a fault of the declaration. */
export function row(system: System, service: string): ServiceRow {
  const found = system.services[service];
  if (!found) {
    throw new Error(`${system.name}: "${service}" has no row in \`services\`; add its limits there`);
  }
  return found;
}

/** What a service's spec takes from its row of the resource table: name, image, limits, reservation, GPU, published port, needs, external systems. */
export function fromRow(
  system: System,
  service: string,
): Pick<ServiceSpec, "name" | "image" | "cpu" | "memory" | "reserved" | "gpu" | "ports" | "needs" | "external"> {
  const { image, cpu, memory, reserved, gpu, port, containerPort, needs, external } = row(system, service);
  return {
    name: service,
    image: image ?? service,
    cpu,
    memory,
    reserved,
    gpu,
    ports: port === undefined ? [] : [{ container: containerPort ?? port, host: port }],
    needs: needs ?? [],
    external,
  };
}

/** Address of one replica of a stateful service, whose replicas count from 1. */
export const replicaAddress = (service: string, ordinal: number) => `${service}-${ordinal}.${service}-headless`;
