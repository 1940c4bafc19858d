import type Docker from "dockerode";
import { labels, remove } from "../docker";
import type { Target } from "./targets";

/**
 * Makes a data volume exist as the program would make it, with the owner that the service's image gives its folder.
 *
 * @param image image of the service: Docker copies the folder's owner from it into an empty volume
 * @returns whether it had to be made
 */
export async function ensureVolume(docker: Docker, { name, path, labels: own }: Target["volume"], image: string, stack: string): Promise<boolean> {
  const found = await docker
    .getVolume(name)
    .inspect()
    .catch((error: { statusCode?: number }) => {
      if (error.statusCode === 404) return undefined;
      throw error as Error;
    });
  if (!found) await docker.createVolume({ Name: name, Labels: own });
  // Creating a container is enough; it is never started.
  const carrier = await docker.createContainer({
    Image: image,
    Labels: { [labels.stack]: stack, [labels.oneOff]: "true" },
    HostConfig: { Binds: [`${name}:${path}`], NetworkMode: "none" },
  });
  await remove(carrier);
  return !found;
}

/** Ends what a killed restore left at work on a volume: Docker goes on with a container whose command is gone. */
export async function endLeft(docker: Docker, stack: string, volume: string): Promise<void> {
  const label = [`${labels.stack}=${stack}`, `${labels.oneOff}=true`];
  const left = await docker.listContainers({ all: true, filters: { label, volume: [volume] } });
  await Promise.all(left.map(({ Id }) => remove(docker.getContainer(Id))));
}

/** Stops whatever runs on a volume, each in its own time; returns their names. */
export async function stopUsers(docker: Docker, volume: string): Promise<string[]> {
  const users = await docker.listContainers({ filters: { volume: [volume], status: ["running"] } });
  await Promise.all(users.map(({ Id }) => docker.getContainer(Id).stop().catch(stopped)));
  return users.map(({ Names }) => (Names[0] ?? "").replace(/^\//, ""));
}

function stopped(error: { statusCode?: number }): void {
  // 304: it had stopped already; 404: it is gone.
  if (error.statusCode !== 304 && error.statusCode !== 404) throw error as Error;
}
