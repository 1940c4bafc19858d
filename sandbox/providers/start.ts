import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** The plugins that have a stand-in. */
export const packages = ["aws", "docker", "kubernetes", "random", "tls"];

/** The provider process, serving the engine. */
export interface RunningProviders {
  port: number;
  stop(): Promise<void>;
}

/** The first line that a process writes, or undefined when it ends before. */
async function firstLine(child: ChildProcess): Promise<string | undefined> {
  const lines = createInterface({ input: child.stdout! });
  const ended = once(child, "exit").then(() => undefined);
  return Promise.race([once(lines, "line").then(([line]) => line as string), ended]);
}

/**
 * Starts the stand-ins in a child process of this one.
 *
 * @param log receives what they say, line by line
 * @throws when the process ends before it serves
 */
export async function startProviders(log: (line: string) => void): Promise<RunningProviders> {
  // The library is loaded before tsx, which would look through each of its thousands of files.
  const preload = ["@pulumi/pulumi/provider", "tsx/cjs"].flatMap(module => ["--require", require.resolve(module)]);
  // Named, because under jest a test's environment is not the process' own.
  const child = spawn(process.execPath, [...preload, join(__dirname, "serve.ts")], { stdio: ["pipe", "pipe", "pipe"], env: process.env });
  const exited = once(child, "exit");
  createInterface({ input: child.stderr }).on("line", log);
  const port = Number(await firstLine(child));
  if (!port) throw new Error("the sandbox's provider process ended before it served; its output is above");
  // The providers may outlast the last engine run without keeping this process alive.
  for (const handle of [child, child.stdin, child.stdout, child.stderr]) (handle as unknown as { unref(): void }).unref();
  return {
    port,
    async stop() {
      // Waiting for its end has to keep this process alive again.
      child.ref();
      child.stdin.end();
      await exited;
    },
  };
}
