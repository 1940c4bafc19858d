import Docker from "dockerode";
import { CommandFailure } from "./exit";

/** Labels that the programs put on everything of a stack, or of its vault. */
export const labels = {
  stack: "dev.ultrathink.stack",
  /** On everything of a stack's vault instead, so that nothing takes it for the stack's. */
  vault: "dev.ultrathink.vault",
  job: "dev.ultrathink.job",
  /** A container that an operation runs beside the stack, and removes. */
  oneOff: "dev.ultrathink.one-off",
  service: "com.docker.compose.service",
} as const;

export const connect = (): Docker => new Docker();

/** Docker's answer, or the typed failure with what to do. */
export async function requireDocker(docker: Docker): Promise<void> {
  try {
    await docker.ping();
  } catch (error) {
    throw new CommandFailure(
      "prerequisites",
      `Docker does not answer: ${(error as Error).message}\nStart Docker Engine, or see what is missing with \`bin/ops doctor\`. DOCKER_HOST chooses another daemon.`,
    );
  }
}

/** Whose things are meant: a stack's, or its vault's. */
export type Owner = typeof labels.stack | typeof labels.vault;

const ofStack = (stack: string, owner: Owner) => ({ label: [`${owner}=${stack}`] });

/** One container of a stack, as far as the operations look at it. */
export interface StackContainer {
  id: string;
  name: string;
  service: string;
  job: boolean;
  /** created, running, restarting, exited, paused or dead. */
  state: string;
  exitCode: number;
  restarts: number;
  startedAt: Date;
  image: string;
  /** Host ports, without repeats for IPv6. */
  ports: string[];
  /** Limit in bytes; 0 is none. */
  memoryLimit: number;
  /** Limit in cores; 0 is none. */
  cpuLimit: number;
  /** Absent: the container has no health check. */
  health?: ContainerHealth;
}

export interface ContainerHealth {
  status: "starting" | "healthy" | "unhealthy";
  /** Command that Docker runs, in its own form: `CMD` or `CMD-SHELL` first. */
  test: string[];
  /** What the last check printed. */
  lastOutput: string;
  /** Seconds; the health check's own terms. */
  interval: number;
  timeout: number;
  startPeriod: number;
  retries: number;
}

export function fromInspect(info: Docker.ContainerInspectInfo): StackContainer {
  const check = info.Config.Healthcheck;
  const health = info.State.Health;
  const seconds = (nanoseconds: number | undefined, unset: number) => (nanoseconds ? nanoseconds / 1e9 : unset);
  return {
    id: info.Id,
    name: info.Name.replace(/^\//, ""),
    service: info.Config.Labels[labels.service] ?? info.Name.replace(/^\//, ""),
    job: info.Config.Labels[labels.job] === "true",
    state: info.State.Status,
    exitCode: info.State.ExitCode,
    restarts: info.RestartCount,
    startedAt: new Date(info.State.StartedAt),
    image: info.Config.Image,
    ports: [
      ...new Set(
        Object.entries((info.HostConfig.PortBindings as Record<string, { HostPort: string }[] | null>) ?? {}).flatMap(([inside, bound]) =>
          (bound ?? []).map(({ HostPort }) => `${HostPort}→${inside.replace("/tcp", "")}`),
        ),
      ),
    ],
    memoryLimit: info.HostConfig.Memory ?? 0,
    cpuLimit: (info.HostConfig.NanoCpus ?? 0) / 1e9,
    ...(health && check
      ? {
          health: {
            status: health.Status as ContainerHealth["status"],
            test: check.Test ?? [],
            lastOutput: health.Log?.at(-1)?.Output.trim() ?? "",
            // Docker's own defaults for what a health check leaves unset.
            interval: seconds(check.Interval, 30),
            timeout: seconds(check.Timeout, 30),
            startPeriod: seconds(check.StartPeriod, 0),
            retries: check.Retries ?? 3,
          },
        }
      : {}),
  };
}

export async function stackContainers(docker: Docker, stack: string, owner: Owner = labels.stack): Promise<StackContainer[]> {
  const listed = await docker.listContainers({ all: true, filters: ofStack(stack, owner) });
  const inspected = await Promise.all(listed.map(({ Id }) => docker.getContainer(Id).inspect().catch(gone)));
  return inspected
    .filter(info => info !== undefined)
    .map(fromInspect)
    .sort((a, b) => a.service.localeCompare(b.service));
}

export async function stackNetworks(docker: Docker, stack: string, owner: Owner = labels.stack): Promise<{ id: string; name: string }[]> {
  return (await docker.listNetworks({ filters: ofStack(stack, owner) })).map(({ Id, Name }) => ({ id: Id, name: Name }));
}

export async function stackVolumes(docker: Docker, stack: string, owner: Owner = labels.stack): Promise<string[]> {
  return (await docker.listVolumes({ filters: ofStack(stack, owner) })).Volumes.map(({ Name }) => Name);
}

/** The last lines that a container wrote, standard output and error together. */
export async function lastLines(docker: Docker, container: string, tail: number): Promise<string[]> {
  try {
    const raw = await docker.getContainer(container).logs({ stdout: true, stderr: true, tail, follow: false });
    return demultiplex(raw)
      .split("\n")
      .filter(line => line.trim() !== "")
      .slice(-tail);
  } catch (error) {
    return [`(no log: ${(error as Error).message.split("\n")[0]})`];
  }
}

/** Text of Docker's multiplexed log stream: frames of an 8-byte header (stream, length) and a payload. */
export function demultiplex(raw: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at + 8 <= raw.length;) {
    const length = raw.readUInt32BE(at + 4);
    parts.push(raw.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return Buffer.concat(parts).toString("utf8");
}

/** Something that vanished between being listed and being looked at is simply not there. */
function gone(error: { statusCode?: number }): undefined {
  if (error.statusCode === 404) return undefined;
  throw error;
}

/** Removes a container, network or volume; that it is gone already is fine. */
export async function remove(what: Docker.Container | Docker.Network | Docker.Volume): Promise<void> {
  // Volumes of a removed container are never touched: data outlives containers.
  await ("stop" in what ? what.remove({ force: true, v: false }) : what.remove()).catch(gone);
}
