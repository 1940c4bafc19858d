import { mebibytes, tierOf, type Memory, type System } from "../../../systems/declaration";

/** Memory in the form that Kubernetes itself prints; any other shows as a change on every preview. */
export function memoryQuantity(memory: Memory, key?: string): string {
  const size = mebibytes(memory, key);
  return size % 1024 === 0 ? `${size / 1024}Gi` : `${size}Mi`;
}

/** CPU in cores, rounded up to a thousandth: the smallest step that there is. */
export function cpuQuantity(cores: number): string {
  const milli = Math.ceil(Math.round(cores * 1e6) / 1000);
  return milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`;
}

/** Room on the node's disk for logs and what is written beside the volumes; ours, no runbook says. */
const DISK = { request: "128Mi", limit: "1Gi" };

interface Sized {
  name: string;
  cpu: number;
  memory: Memory;
  reserved: Memory;
}

/**
 * Requests and limits: the limits are the table's, the memory request is its reservation. CPU is requested at a quarter of the limit, since the table's
 * limits are peaks that do not come together, and at half for what answers trades, whose peaks do.
 */
export function resourcesOf(system: System, { name, cpu, memory, reserved }: Sized, gpu: Record<string, string> = {}) {
  const share = tierOf(system, name) === "inference" ? 2 : 4;
  return {
    requests: {
      cpu: cpuQuantity(cpu / share),
      memory: memoryQuantity(reserved, `${name}.reserved`),
      "ephemeral-storage": DISK.request,
      ...gpu,
    },
    limits: { cpu: cpuQuantity(cpu), memory: memoryQuantity(memory, `${name}.memory`), "ephemeral-storage": DISK.limit, ...gpu },
  };
}
