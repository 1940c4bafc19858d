import type Docker from "dockerode";
import { pack } from "tar-stream";
import { labels, remove } from "./docker";
import { CommandFailure } from "./exit";
import { LineWriter } from "./lines";

/** A file that lies in a one-off container before it starts. */
export interface OneOffFile {
  path: string;
  content: string;
  /** Mode 0400, owned by the container's user. @default - anybody may read it */
  secret?: boolean;
}

/** A container that does one thing beside a stack, or in its place while it is gone, and is removed whatever happens. */
export interface OneOff {
  /** Container name. One that an interrupted run left under it is removed first. */
  name: string;
  image: string;
  /** @default - the image's own */
  entrypoint?: string[];
  command: string[];
  /** Numeric user and group. */
  user: number;
  /** @default - no network at all */
  network?: string;
  /** Mount path by volume name. */
  volumes: Record<string, string>;
  files: OneOffFile[];
  /** MiB; swap is never added. */
  memory: number;
  /** Size of /dev/shm in MiB. */
  sharedMemory?: number;
}

export interface OneOffResult {
  code: number;
  /** Lines of its standard output. */
  lines: string[];
}

/**
 * Runs one to its end.
 *
 * @param note gets what it writes to standard error, line by line
 * @param signal ends it at once
 * @throws CommandFailure `cancelled` when the signal ended it
 */
export async function runOneOff(
  docker: Docker,
  stack: string,
  spec: OneOff,
  note: (line: string) => void,
  signal: AbortSignal,
): Promise<OneOffResult> {
  const lines: string[] = [];
  return inContainer(docker, stack, spec, signal, async container => {
    const [out, err] = [new LineWriter(line => lines.push(line)), new LineWriter(note)];
    const stream = await container.attach({ stream: true, stdout: true, stderr: true });
    docker.modem.demuxStream(stream, out, err);
    const read = new Promise<void>(resolve => {
      for (const event of ["end", "close", "error"]) stream.on(event, () => resolve());
    });
    await container.start();
    // It is kept until it is removed here, so that one that has ended already is seen, too.
    const { StatusCode: code } = (await container.wait()) as { StatusCode: number };
    await read;
    await Promise.all([out, err].map(writer => new Promise<void>(resolve => writer.end(() => resolve()))));
    return { code, lines };
  });
}

/** Runs `use` while one is up, such as a server that something is restored into. */
export async function withOneOff<T>(
  docker: Docker,
  stack: string,
  spec: OneOff,
  signal: AbortSignal,
  use: (container: Docker.Container) => Promise<T>,
) {
  return inContainer(docker, stack, spec, signal, async container => {
    await container.start();
    return use(container);
  });
}

async function inContainer<T>(
  docker: Docker,
  stack: string,
  spec: OneOff,
  signal: AbortSignal,
  use: (container: Docker.Container) => Promise<T>,
): Promise<T> {
  await removeLeft(docker, spec.name);
  const container = await docker.createContainer(createOptions(stack, spec));
  const end = () => void container.kill().catch(() => undefined);
  try {
    if (spec.files.length > 0) await container.putArchive(await archive(spec), { path: "/" });
    signal.addEventListener("abort", end);
    if (signal.aborted) throw cancelled(spec);
    const result = await use(container);
    if (signal.aborted) throw cancelled(spec);
    return result;
  } finally {
    signal.removeEventListener("abort", end);
    await remove(container);
  }
}

const cancelled = ({ name }: OneOff) =>
  new CommandFailure("cancelled", `Cancelled; ${name} was ended and is gone. Running the command again begins anew.`);

/** Docker's own refusal of a taken name would not say that what has it was ours. */
async function removeLeft(docker: Docker, name: string): Promise<void> {
  const left = docker.getContainer(name);
  const info = await left.inspect().catch((error: { statusCode?: number }) => {
    if (error.statusCode === 404) return undefined;
    throw error as Error;
  });
  if (!info) return;
  if (info.Config.Labels[labels.oneOff] !== "true")
    throw new CommandFailure("failed", `the name ${name} is taken by a container that is not a one-off; rename or remove it`);
  await remove(left);
}

export function createOptions(stack: string, spec: OneOff): Docker.ContainerCreateOptions {
  const memory = spec.memory * 1024 ** 2;
  return {
    name: spec.name,
    Image: spec.image,
    ...(spec.entrypoint ? { Entrypoint: spec.entrypoint } : {}),
    Cmd: spec.command,
    User: `${spec.user}:${spec.user}`,
    Labels: { [labels.stack]: stack, [labels.oneOff]: "true" },
    HostConfig: {
      Binds: Object.entries(spec.volumes).map(([volume, path]) => `${volume}:${path}`),
      NetworkMode: spec.network ?? "none",
      Memory: memory,
      MemorySwap: memory,
      ...(spec.sharedMemory ? { ShmSize: spec.sharedMemory * 1024 ** 2 } : {}),
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges"],
      Init: true,
      LogConfig: { Type: "json-file", Config: { "max-size": "10m", "max-file": "3" } },
    },
  };
}

async function archive({ files, user }: OneOff): Promise<Buffer> {
  const tar = pack();
  for (const { path, content, secret } of files) {
    tar.entry({ name: path.replace(/^\//, ""), mode: secret ? 0o400 : 0o444, uid: secret ? user : 0, gid: secret ? user : 0 }, content);
  }
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
