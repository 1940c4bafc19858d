import * as pulumi from "@pulumi/pulumi";
import { engine } from "./engine";

/** What the Docker host brings. */
export interface DockerHost {
  cores: number;
}

/**
 * Asks Docker's engine what its host brings, or undefined where no engine answers: a preview in a pull request has none.
 *
 * @throws pulumi.RunError when config gives services a GPU and the engine has no NVIDIA runtime
 */
export async function dockerHost(config: { gpuDevices: Record<string, string[]> }): Promise<DockerHost | undefined> {
  const info = await engine.info().catch(() => undefined);
  if (!info) return undefined;
  if (Object.keys(config.gpuDevices).length > 0 && !("nvidia" in (info.Runtimes ?? {}))) {
    throw new pulumi.RunError(
      `gpuDevices: ${JSON.stringify(config.gpuDevices)} asks for GPUs, and Docker on this machine has no NVIDIA runtime (found: ${Object.keys(info.Runtimes ?? {}).join(", ")}). ` +
        "Install the NVIDIA container toolkit, or set gpuDevices to {} in the stack's file",
    );
  }
  return { cores: info.NCPU };
}
