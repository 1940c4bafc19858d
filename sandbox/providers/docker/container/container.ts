import type { Container } from "dockerode";
import { changes } from "../../bridge/diff";
import { CreatedButFailed, type ResourceType } from "../../bridge/resource";
import type { Props } from "../../bridge/values";
import { daemon, hasStatus, orMissing } from "../daemon";
import { findOrPull } from "../image";
import { lower, lowerLimits } from "./lower";
import { observe } from "./observe";
import { refuse } from "./refuse";
import { containerSchema, unimplemented } from "./schema";
import { startAndWait } from "./start";
import { archive } from "./uploads";

/** The properties that Docker can change on a running container. */
const updatable = ["restart", "maxRetryCount", "cpuShares", "memory", "memoryReservation", "cpuSet", "memorySwap"];

/** Leaves the default bridge and joins the networks that the program names. */
async function joinNetworks(container: Container, networks: Props[] = []): Promise<void> {
  if (networks.length === 0) return;
  try {
    await daemon.getNetwork("bridge").disconnect({ Container: container.id });
  } catch (error) {
    if (!String(error).includes("is not connected to")) throw error;
  }
  for (const network of networks) {
    await daemon.getNetwork(network.name).connect({
      Container: container.id,
      EndpointConfig: {
        Aliases: network.aliases ?? [],
        IPAMConfig: { IPv4Address: network.ipv4Address ?? "", IPv6Address: network.ipv6Address ?? "" },
      },
    });
  }
}

/** With an owner the plugin asks for the container's user instead, whom Docker before version 28 looks for on the host and does not find by number. */
async function upload(container: Container, uploads: Props[] = []): Promise<void> {
  for (const owned of [false, true]) {
    const some = uploads.filter(({ owner, group }) => Boolean(owner || group) === owned);
    if (some.length > 0) await container.putArchive(await archive(some), { path: "/", ...(owned && { copyUIDGID: "true" }) });
  }
}

async function refuseOnOldEngine(inputs: Props): Promise<void> {
  const mount = (inputs.mounts ?? []).find(({ type, volumeOptions }: Props) => type === "volume" && volumeOptions);
  if (!mount) return;
  const { ApiVersion } = await daemon.version();
  if (Number(ApiVersion.split(".")[1]) < 45) {
    throw new Error(
      `Setting VolumeOptions.Subpath requires docker version 1.45 or higher (the plugin says so for every "volumeOptions"; this engine has API ${ApiVersion}): leave out volumeOptions of the mount at ${mount.target}`,
    );
  }
}

async function read(id: string, prior: Props): Promise<{ id: string; state: Props } | undefined> {
  const info = await orMissing(daemon.getContainer(id).inspect());
  return info && { id: info.Id, state: observe(info, prior) };
}

async function create(inputs: Props, signal: AbortSignal): Promise<{ id: string; state: Props }> {
  const image = await findOrPull(inputs.image);
  await refuseOnOldEngine(inputs);
  const container = await daemon.createContainer(lower(inputs, image.name)).catch((error: Error) => {
    throw new Error(`Unable to create container: ${error.message}`);
  });
  try {
    await joinNetworks(container, inputs.networksAdvanced);
    await upload(container, inputs.uploads);
    const extra = await startAndWait(container, inputs, signal);
    const found = await read(container.id, { ...inputs, ...extra });
    // With `rm` a finished container is gone already; its id and logs are all there is.
    return found ?? { id: container.id, state: { ...inputs, ...extra } };
  } catch (error) {
    throw new CreatedButFailed(`container ${inputs.name}: ${(error as Error).message}`, container.id, inputs);
  }
}

/** Changes what can be changed in place; the rest of the state is taken over as asked, as the plugin does. */
async function update(id: string, state: Props, inputs: Props): Promise<Props> {
  const container = daemon.getContainer(id);
  if (!state.mustRun && inputs.mustRun && inputs.start) {
    await container.start().catch((error: unknown) => {
      if (!hasStatus(error, 304)) throw error;
    });
  }
  if (changes(containerSchema, state, inputs).changed.some(key => updatable.includes(key))) {
    await container.update(lowerLimits(inputs));
  }
  return { ...state, ...inputs };
}

async function remove(id: string, state: Props, signal: AbortSignal): Promise<void> {
  const container = daemon.getContainer(id);
  if (!state.attach) {
    await container.stop({ t: state.destroyGraceSeconds ?? 0, abortSignal: signal }).catch((error: unknown) => {
      if (!hasStatus(error, 304, 404)) throw error;
    });
  }
  await container.remove({ v: state.removeVolumes, force: true }).catch((error: unknown) => {
    if (!hasStatus(error, 404, 409)) throw error;
  });
}

/** `docker.Container`. */
export const container: ResourceType = {
  schema: containerSchema,
  unimplemented,
  autoName: true,
  deleteBeforeReplace: true,
  refuse,
  create,
  read,
  update,
  remove,
};
