import Docker from "dockerode";
import { until } from "./until";

export const docker = new Docker();

export const STACK_LABEL = "dev.ultrathink.stack=dev";

/** Every container of the stack, running or not, by service name. */
export async function stackContainers(): Promise<Record<string, Docker.ContainerInspectInfo>> {
  const listed = await docker.listContainers({ all: true, filters: { label: [STACK_LABEL] } });
  const inspected = await Promise.all(listed.map(({ Id }) => docker.getContainer(Id).inspect()));
  return Object.fromEntries(inspected.map(info => [info.Config.Labels["com.docker.compose.service"]!, info]));
}

const volumesOf = ({ Mounts }: Docker.ContainerInspectInfo) => Mounts.flatMap(({ Type, Name }) => (Type === "volume" && Name ? Name : []));
const ANONYMOUS = /^[0-9a-f]{64}$/;

/** Volumes that somebody named. */
export const namedVolumes = (info: Docker.ContainerInspectInfo) => volumesOf(info).filter(name => !ANONYMOUS.test(name));

/** Volumes that Docker made for folders which the image declares and nobody mounts. */
export const anonymousVolumes = (info: Docker.ContainerInspectInfo) => volumesOf(info).filter(name => ANONYMOUS.test(name));

export const isJob = (info: Docker.ContainerInspectInfo) => info.Config.Labels["dev.ultrathink.job"] === "true";

/** Whether a container runs and, where it has a check, passes it. */
export function isWell({ State }: Docker.ContainerInspectInfo): boolean {
  return State.Running && !State.Restarting && (State.Health === undefined || State.Health.Status === "healthy" || State.Health.Status === "none");
}

/** Waits until the named containers are well; `all`: every service of the stack. */
export async function untilWell(names: string[], seconds = 240): Promise<void> {
  await until(`${names.join(", ")} healthy`, seconds, async () => {
    const wanted = names.includes("all")
      ? Object.values(await stackContainers()).filter(info => !isJob(info))
      : await Promise.all(names.map(name => docker.getContainer(name).inspect()));
    const ill = wanted.filter(info => !isWell(info));
    if (ill.length > 0)
      throw new Error(
        ill
          .map(
            ({ Name, State }) =>
              `${Name.slice(1)}: ${State.Status}, ${State.Health?.Status ?? "no check"}, ${State.Health?.Log.at(-1)?.Output.trim() ?? ""}`,
          )
          .join("; "),
      );
    return true;
  });
}
