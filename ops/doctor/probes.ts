import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { createServer } from "node:net";
import { availableParallelism, totalmem } from "node:os";
import { promisify } from "node:util";
import type Docker from "dockerode";
import { labels } from "../docker";
import { type WantedPort, tools } from "./requirements";

/** What was found on the machine; nothing here judges. Absent values could not be read. */
export interface Findings {
  /** Cores that Docker can hand out, or this process when Docker does not answer. */
  cores: number;
  /** MiB. */
  memory: number;
  docker: { version: string; api: string; os: string; limitsMemory: boolean; gpuRuntime: boolean; root: string } | { error: string };
  /** GiB free at Docker's root. */
  diskFree?: number;
  /** Who holds a planned port: `ours`, another container's name, or a process outside Docker. */
  ports: Record<number, "free" | "ours" | { holder: string }>;
  kernel: Record<string, string | undefined>;
  /** GPUs by index, as nvidia-smi lists them. */
  gpus: string[];
  node: string;
  tools: Record<string, boolean>;
}

export async function probe(docker: Docker, stack: string, ports: WantedPort[]): Promise<Findings> {
  const engine = await probeDocker(docker);
  const answers = !("error" in engine);
  const info = answers ? ((await docker.info()) as { NCPU: number; MemTotal: number }) : undefined;
  const holders = answers ? await publishedPorts(docker, stack) : new Map<number, "ours" | { holder: string }>();
  const [free, gpus, found] = await Promise.all([
    Promise.all(
      ports.map(
        async ({ port, address }) =>
          [port, holders.get(port) ?? ((await canListen(address, port)) ? "free" : { holder: "a process outside Docker" })] as const,
      ),
    ),
    listGpus(),
    Promise.all(tools.map(async ({ name }) => [name, await onPath(name)] as const)),
  ]);
  return {
    cores: info?.NCPU ?? availableParallelism(),
    memory: Math.floor((info?.MemTotal ?? totalmem()) / 1024 ** 2),
    docker: engine,
    diskFree: answers ? await freeGibibytes(engine.root) : undefined,
    ports: Object.fromEntries(free),
    kernel: readKernel(),
    gpus,
    node: process.versions.node,
    tools: Object.fromEntries(found),
  };
}

async function probeDocker(docker: Docker): Promise<Findings["docker"]> {
  try {
    const [version, info] = await Promise.all([
      docker.version(),
      docker.info() as Promise<{ OperatingSystem: string; MemoryLimit: boolean; Runtimes?: Record<string, unknown>; DockerRootDir: string }>,
    ]);
    return {
      version: version.Version,
      api: version.ApiVersion,
      os: info.OperatingSystem,
      limitsMemory: info.MemoryLimit,
      gpuRuntime: "nvidia" in (info.Runtimes ?? {}),
      root: info.DockerRootDir,
    };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

async function publishedPorts(docker: Docker, stack: string): Promise<Map<number, "ours" | { holder: string }>> {
  const containers = await docker.listContainers();
  return new Map(
    containers.flatMap(({ Ports, Labels, Names }) =>
      Ports.filter(({ PublicPort }) => PublicPort).map(
        ({ PublicPort }) =>
          [
            PublicPort,
            [Labels[labels.stack], Labels[labels.vault]].includes(stack) ? "ours" : { holder: `container ${(Names[0] ?? "").slice(1)}` },
          ] as const,
      ),
    ),
  );
}

function canListen(address: string, port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, address, () => server.close(() => resolve(true)));
  });
}

async function freeGibibytes(path: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(path);
    return Math.floor((bavail * bsize) / 1024 ** 3);
  } catch {
    // Docker's root lies on another machine, or only root may look.
    return undefined;
  }
}

const KERNEL_FILES: Record<string, string> = {
  "vm.overcommit_memory": "/proc/sys/vm/overcommit_memory",
  transparent_hugepage: "/sys/kernel/mm/transparent_hugepage/enabled",
  "vm.max_map_count": "/proc/sys/vm/max_map_count",
  "net.core.somaxconn": "/proc/sys/net/core/somaxconn",
};

function readKernel(): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(KERNEL_FILES).map(([name, file]) => {
      try {
        const text = readFileSync(file, "utf8").trim();
        // `always madvise [never]`: the one in brackets is in force.
        return [name, /\[(\w+)\]/.exec(text)?.[1] ?? text];
      } catch {
        return [name, undefined];
      }
    }),
  );
}

async function listGpus(): Promise<string[]> {
  try {
    const { stdout } = await promisify(execFile)("nvidia-smi", ["--query-gpu=index", "--format=csv,noheader"], { timeout: 10_000 });
    return stdout
      .split("\n")
      .map(line => line.trim())
      .filter(line => line !== "");
  } catch {
    return [];
  }
}

async function onPath(tool: string): Promise<boolean> {
  try {
    await promisify(execFile)("sh", ["-c", 'command -v "$1"', "sh", tool]);
    return true;
  } catch {
    return false;
  }
}
