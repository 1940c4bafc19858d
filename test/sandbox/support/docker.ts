import Docker from "dockerode";

export const daemon = new Docker();

/** What Docker says of a container, or undefined when there is none. */
export async function inspect(name: string): Promise<Docker.ContainerInspectInfo | undefined> {
  try {
    return await daemon.getContainer(name).inspect();
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return undefined;
    throw error;
  }
}

/** Removes what an earlier, interrupted run of a suite left behind; all its things start with `prefix`. */
export async function sweep(prefix: string): Promise<void> {
  const containers = await daemon.listContainers({ all: true });
  for (const { Id, Names } of containers) {
    if (Names.some(name => name.startsWith(`/${prefix}`))) await daemon.getContainer(Id).remove({ force: true, v: true });
  }
  for (const { Id, Name } of await daemon.listNetworks()) if (Name.startsWith(prefix)) await daemon.getNetwork(Id).remove();
  const { Volumes } = await daemon.listVolumes();
  for (const { Name } of Volumes ?? []) if (Name.startsWith(prefix)) await daemon.getVolume(Name).remove();
}
