/** A runbook's numbers, kept apart from the declaration on purpose. */
export interface Book {
  /** Value of the label app.kubernetes.io/part-of. */
  system: string;
  /** Pulumi project whose stacks it is the book of. */
  project: string;
  /** Container name = prefix + service. */
  containerPrefix: string;
  rows: Row[];
  /** Volumes that hold nothing worth keeping, by their name on Docker. Every other one is protected. */
  scratchVolumes: string[];
  /** Brokers with their broker.id, and what every broker must hold. */
  kafka?: { brokers: Record<string, number>; replicationFactor: number; minInsyncReplicas: number; retentionHours: number };
  /** Redis servers. Sizes in bytes. */
  redis?: Record<string, { persistent: boolean; evicts: string; maxmemory?: number }>;
}

/** One row of a resource table. */
export interface Row {
  service: string;
  /** Cores. */
  cpu: number;
  /** MiB. */
  memory: number;
  /** MiB. */
  reserved: number;
  gpu: number;
}

type Size = `${number}G` | `${number}M`;

/** A row as the runbook writes it: service, CPU limit in cores, memory limit, memory reserved, GPUs. */
export function row(service: string, cpu: number, memory: Size, reserved: Size, gpu = 0): Row {
  return { service, cpu, memory: mebibytes(memory), reserved: mebibytes(reserved), gpu };
}

function mebibytes(size: Size): number {
  return Number(size.slice(0, -1)) * (size.endsWith("G") ? 1024 : 1);
}
