import * as pulumi from "@pulumi/pulumi";
import { parseConfig, loadConfig, type StackConfig } from "./config";
import { DockerBackend } from "./components/backends/docker/backend";
import { checkHost, dockerHost, type DockerHost } from "./components/backends/docker/host";
import { effectiveCpus } from "./components/backends/docker/lowering";
import { KubernetesBackend } from "./components/backends/kubernetes/backend";
import { releasedServices } from "./components/backends/kubernetes/tracks";
import { restoreFiles } from "./components/backup/files";
import { ComposeBackend } from "./components/compose";
import { gpuCount, stackSystem, unmetIntents } from "./components/environment";
import { planStack } from "./components/plan";
import { Platform, type PlatformArgs } from "./components/platform";
import { Recorder } from "./components/rendering/recorder";
import { registrations, type Registration } from "./components/rendering/registrations";
import { releaseOf } from "./components/releases";
import { renderStack, type RenderedFile } from "./components/rendering/render";
import images from "./images.lock.json";
import { systems } from "./systems";
import { grown, scaleOf, type System } from "./systems/declaration";

/** What a stack will consist of, from its config alone; nothing is created. */
export const plan = (settings: Record<string, unknown>, stack: string) => planStack(parseConfig(settings, stack), stack);

export { restoreFiles };

/** What the running stack's config makes of the declaration on a host. */
function declared(config: StackConfig, host?: DockerHost, declaration: System = systems[config.system]!) {
  const stack = pulumi.getStack();
  const { system, leftOut } = stackSystem(declaration, config, stack);
  if (host) checkHost(system, config, host);
  const clampCpusTo = config.clampCpus ? host?.cores : undefined;
  const backend = {
    ...config,
    system,
    stack,
    images,
    imageOverrides: config.images,
    leftOut: Object.keys(leftOut),
    clampCpusTo,
  };
  return { config, declaration, system, leftOut, clampCpusTo, backend };
}

type Declared = ReturnType<typeof declared>;

/** The same for the host that this runs on; refuses what the host cannot hold. */
async function declaredHere(declaration?: System): Promise<Declared> {
  const config = loadConfig();
  return declared(config, config.backend === "docker" ? await dockerHost() : undefined, declaration);
}

function platform({ system, leftOut, config }: Declared, backend: PlatformArgs["backend"]): Platform {
  return new Platform(system.name, { system, leftOut, config, backend });
}

/** Makes the platform on the backend that the stack's config names. */
function platformOnBackend(here: Declared): Platform {
  const { config, backend } = here;
  return platform(here, parent =>
    config.backend === "docker" ? new DockerBackend("docker", backend, { parent }) : new KubernetesBackend("kubernetes", backend, { parent }),
  );
}

/** Brings up the system that the stack's config names. */
export async function program(): Promise<Record<string, unknown>> {
  const here = await declaredHere();
  const { config, declaration, system, leftOut, clampCpusTo } = here;
  // The program ends, and with it `up`, when everything works.
  await platformOnBackend(here).ready;
  const rows = Object.entries(system.services);
  const outputs = {
    system: system.name,
    backend: config.backend,
    leftOut,
    unmetIntents: unmetIntents(declaration, config.backend),
  };
  if (config.backend === "kubernetes") {
    return {
      ...outputs,
      namespace: system.namespace,
      services: Object.fromEntries(rows.map(([name, { cpu, memory, reserved }]) => [name, { ...scaleOf(system, name), cpu, memory, reserved }])),
      gpus: gpuCount(system),
      releases: Object.fromEntries(releasedServices(system).map(name => [name, releaseOf(system, config, name)])),
    };
  }
  return {
    ...outputs,
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
    gpu: Object.keys(config.gpuDevices).length > 0 ? config.gpuDevices : "none: the services that ask for a GPU run without",
  };
}

/** What the stack would be with so many more services that serve: what `bench` previews to see how its cost grows. Brings nothing up by itself. */
export const grownProgram = (extra: number) => async (): Promise<void> =>
  platformOnBackend(await declaredHere(grown(systems[loadConfig().system]!, extra))).ready;

/** The same containers as a Compose project, as its secret output: what `bench` measures against. Makes none of them. */
export const composeProgram = (localName: (image: string) => string) => async (): Promise<Record<string, unknown>> => {
  const here = await declaredHere();
  const named = (images: Record<string, string>) => Object.fromEntries(Object.entries(images).map(([key, image]) => [key, localName(image)]));
  const { backend } = here;
  const compose = new ComposeBackend({ ...backend, images: named(backend.images), imageOverrides: named(backend.imageOverrides) });
  platform(here, () => compose);
  return { compose: compose.project() };
};

/**
 * What a stack declares as files that a person and other tools can read, from its config alone: no cluster, credentials, host or engine is asked, and no
 * secret is in them. Runs the program in Pulumi's test runtime, so a process that has rendered cannot bring anything up.
 */
export async function render(settings: Record<string, unknown>, stack: string): Promise<RenderedFile[]> {
  const config = parseConfig({ ...settings, vault: "none" }, stack);
  return renderStack(stack, () => {
    const here = declared(config);
    const compose = new ComposeBackend(here.backend);
    const recorded: Recorder[] = [];
    platform(here, parent => {
      recorded.push(new Recorder(config.backend === "docker" ? compose : new KubernetesBackend("kubernetes", here.backend, { parent })));
      return recorded[0]!;
    });
    return { recorder: recorded[0]!, compose: config.backend === "docker" ? compose.project() : undefined };
  });
}

/** The resources that a stack declares, from its config alone, for who judges them without an engine. As with `render`, nothing else works afterwards. */
export async function declaredResources(settings: Record<string, unknown>, stack: string): Promise<Registration[]> {
  const config = parseConfig({ ...settings, vault: "none" }, stack);
  return (await registrations(stack, () => platformOnBackend(declared(config)))).resources;
}

// The official CLI calls the exported function; the operations run the same one through the Automation API.
export default program;
