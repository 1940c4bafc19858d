import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import type { Package } from "./serve";

/** A provider process that serves the engine. */
export interface RunningProvider {
  name: Package;
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
 * Starts one stand-in as a child process of this one.
 *
 * @param log receives what the provider says, line by line
 * @throws when the process ends before it serves
 */
export async function startProvider(name: Package, log: (line: string) => void): Promise<RunningProvider> {
  const tsx = pathToFileURL(require.resolve("tsx")).href;
  const child = spawn(process.execPath, ["--import", tsx, join(__dirname, "serve.ts"), name], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  createInterface({ input: child.stderr! }).on("line", line => log(`${name}: ${line}`));
  const port = Number(await firstLine(child));
  if (!Number.isInteger(port)) throw new Error(`the sandbox's ${name} provider ended before it served; its output is above`);
  // The provider may outlast the last engine run without keeping this process alive.
  for (const handle of [child, child.stdin, child.stdout, child.stderr]) (handle as unknown as { unref(): void }).unref();
  return {
    name,
    port,
    async stop() {
      // Waiting for its end has to keep this process alive again.
      child.ref();
      child.stdin!.end();
      await exited;
    },
  };
}
