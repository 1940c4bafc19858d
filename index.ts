import * as pulumi from "@pulumi/pulumi";
import { parseConfig, loadConfig } from "./config";
import { DockerBackend } from "./components/backends/docker/backend";
import { checkHost, dockerHost } from "./components/backends/docker/host";
import { effectiveCpus } from "./components/backends/docker/lowering";
import { restoreFiles } from "./components/backup/files";
import { neutralBackend } from "./components/backends/neutral";
import { ComposeBackend } from "./components/compose";
import { stackSystem } from "./components/environment";
import { planStack } from "./components/plan";
import { Platform } from "./components/platform";
import images from "./images.lock.json";
import { systems } from "./systems";

/** What a stack will consist of, from its config alone; nothing is created. */
export const plan = (settings: Record<string, unknown>, stack: string) => planStack(parseConfig(settings, stack), stack);

export { restoreFiles };

/** What the running stack's config and this host make of the declaration; refuses what the host cannot hold. */
async function declared() {
  const config = loadConfig();
  const { system, leftOut } = stackSystem(systems[config.system]!, config);
  const host = config.backend === "docker" ? await dockerHost() : undefined;
  if (host) checkHost(system, config, host);
  const clampCpusTo = config.clampCpus ? host?.cores : undefined;
  const containers = {
    ...config,
    system,
    stack: pulumi.getStack(),
    images,
    imageOverrides: config.images,
    leftOut: Object.keys(leftOut),
    clampCpusTo,
  };
  return { config, system, leftOut, clampCpusTo, containers };
}

/** Brings up the system that the stack's config names. */
export async function program(): Promise<Record<string, unknown>> {
  const { config, system, leftOut, clampCpusTo, containers } = await declared();
  new Platform(system.name, {
    system,
    leftOut,
    config,
    backend: parent => (config.backend === "docker" ? new DockerBackend("docker", containers, { parent }) : neutralBackend),
  });
  const rows = Object.entries(system.services);
  return {
    system: system.name,
    backend: config.backend,
    addresses: Object.fromEntries(
      rows.filter(([, row]) => row.port !== undefined).map(([name, row]) => [name, `${config.bindAddress}:${row.port! + config.portOffset}`]),
    ),
    services: Object.fromEntries(
      rows.map(([name, { cpu, memory, reserved }]) => [
        name,
        { container: `${system.containerPrefix}${name}`, cpu: effectiveCpus(cpu, clampCpusTo), memory, reserved },
      ]),
    ),
    clamped: Object.fromEntries(
      rows
        .filter(([, row]) => effectiveCpus(row.cpu, clampCpusTo) < row.cpu)
        .map(([name, row]) => [name, { declared: row.cpu, effective: clampCpusTo }]),
    ),
    leftOut,
    gpu: Object.keys(config.gpuDevices).length > 0 ? config.gpuDevices : "none: the services that ask for a GPU run without",
  };
}

/** The same containers as a Compose project, as its secret output: what `bench` measures against. Makes none of them. */
export async function composeProgram(): Promise<Record<string, unknown>> {
  const { config, system, leftOut, containers } = await declared();
  const compose = new ComposeBackend(containers);
  new Platform(system.name, { system, leftOut, config, backend: () => compose });
  return { compose: compose.project() };
}

// The official CLI calls the exported function; the operations run the same one through the Automation API.
export default program;
