import * as pulumi from "@pulumi/pulumi";
import type { System } from "../../../systems/declaration";
import type { StackConfig } from "../../../config";
import { engine } from "./engine";

/** What the Docker host brings. */
export interface DockerHost {
  cores: number;
  /** Container runtimes that the engine knows. */
  runtimes: string[];
}

/** Asks Docker's engine what its host brings; undefined where no engine answers, as in a pull request's preview. */
export async function dockerHost(): Promise<DockerHost | undefined> {
  const info = await engine.info().catch(() => undefined);
  return info && { cores: info.NCPU, runtimes: Object.keys(info.Runtimes ?? {}) };
}

/**
 * Refuses what the host cannot hold before anything is created.
 *
 * @throws pulumi.RunError for a CPU limit above the host's cores without `clampCpus`, and for GPUs on a host without NVIDIA's runtime
 */
export function checkHost(system: System, config: Pick<StackConfig, "clampCpus" | "gpuDevices">, host: DockerHost): void {
  const faults: string[] = [];
  if (!config.clampCpus) {
    for (const [name, { cpu }] of Object.entries(system.services)) {
      if (cpu > host.cores) {
        faults.push(
          `services.${name}.cpu: ${cpu} is above this host's ${host.cores} cores, and Docker refuses it; use a larger host, or set clampCpus to true in a development stack`,
        );
      }
    }
  }
  if (Object.keys(config.gpuDevices).length > 0 && !host.runtimes.includes("nvidia")) {
    faults.push(
      `gpuDevices: ${JSON.stringify(config.gpuDevices)} asks for GPUs, and Docker on this host has no NVIDIA runtime (it has ${host.runtimes.join(", ")}); ` +
        "install the NVIDIA container toolkit, or set gpuDevices to {} in the stack's file",
    );
  }
  if (faults.length > 0) throw new pulumi.RunError(`this host cannot hold ${system.name}:\n${faults.map(fault => `  - ${fault}`).join("\n")}`);
}
