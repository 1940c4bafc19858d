import { execFile } from "node:child_process";
import { promisify } from "node:util";
import Docker from "dockerode";
import { until } from "./until";

export const docker = new Docker();

export const STACK_LABEL = "dev.ultrathink.stack=dev";

/** Every container of the stack, running or not, by service name. */
export async function stackContainers(): Promise<Record<string, Docker.ContainerInspectInfo>> {
  const listed = await docker.listContainers({ all: true, filters: { label: [STACK_LABEL] } });
  const inspected = await Promise.all(listed.map(({ Id }) => inspect(Id)));
  return Object.fromEntries(inspected.flatMap(info => info ?? []).map(info => [info.Config.Labels["com.docker.compose.service"]!, info]));
}

/** `undefined` when the container has gone since it was listed, as one does that a starting stack asks something. */
async function inspect(id: string): Promise<Docker.ContainerInspectInfo | undefined> {
  try {
    return await docker.getContainer(id).inspect();
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return undefined;
    throw error;
  }
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

/** Runs a container's own health check now, instead of waiting for its next turn. */
async function passesCheck({ Id, Config }: Docker.ContainerInspectInfo): Promise<boolean> {
  const [kind, ...command] = Config.Healthcheck!.Test!;
  return (
    kind === "CMD" &&
    (await promisify(execFile)("docker", ["exec", Id, ...command], { timeout: 30_000 }).then(
      () => true,
      () => false,
    ))
  );
}

/** Waits until the named containers are well; `all`: every service of the stack. */
export async function untilWell(names: string[], seconds = 240): Promise<void> {
  await until(`${names.join(", ")} healthy`, seconds, async () => {
    const wanted = names.includes("all")
      ? Object.values(await stackContainers()).filter(info => !isJob(info))
      : await Promise.all(names.map(name => docker.getContainer(name).inspect()));
    for (const info of wanted.filter(one => !isWell(one))) {
      const { Status, Health } = info.State;
      // After a restart the first check comes only with the interval.
      if (Status === "running" && Health?.Status === "starting" && (await passesCheck(info))) continue;
      throw new Error(`${info.Name.slice(1)}: ${Status}, ${Health?.Status ?? "no check"}, ${Health?.Log.at(-1)?.Output.trim() ?? ""}`);
    }
    return true;
  });
}
