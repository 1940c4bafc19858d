import type { PulumiFn } from "@pulumi/pulumi/automation";

/** What the operations know of a stack before anything exists: computed from declaration and stack config alone. */
export interface StackPlan {
  system: string;
  backend: "docker" | "kubernetes";
  /** Address that ports are published on. */
  bindAddress: string;
  /** `true`: `purge` may delete the data. */
  disposable: boolean;
  /** `true`: CPU limits above the host's cores are lowered to them. */
  clampCpus: boolean;
  /** GPU devices that the stack config hands out; empty on a machine without one. */
  gpuDevices: string[];
  services: PlannedService[];
}

export interface PlannedService {
  name: string;
  /** Container name on Docker. */
  container: string;
  image: string;
  /** CPU limit in cores, before any clamp. */
  cpu: number;
  /** Memory limit and reservation in MiB. */
  memory: number;
  reserved: number;
  /** Published host ports, with the stack's offset. */
  ports: number[];
  /** Services that must be healthy before this one starts; groups are already spelt out. */
  needs: string[];
  /** One-shot: runs to exit 0 and is not expected to stay. */
  job: boolean;
  /** Why stack config leaves it out. @default - it is part of the stack */
  leftOut?: string;
}

/** The face that the program shows to the operations; `index.ts` exports it. */
export interface Project {
  program: PulumiFn;
  /**
   * @param settings stack config of the project's own namespace, parsed from `Pulumi.<stack>.yaml`
   * @param stack name of the stack, for the command that mends a fault
   * @throws an Error that names key, value, what is allowed and how to mend
   */
  plan(settings: Record<string, unknown>, stack: string): StackPlan;
}
