import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A process of the sandbox beside this one. */
export interface Child {
  /** What it said first, on its standard output: how it is reached. */
  said: string;
  /** Ends it. It also ends by itself when this process does, however that ends. */
  stop(): Promise<void>;
}

/** The first line that a process writes, or undefined when it ends before. */
async function firstLine(child: ChildProcess): Promise<string | undefined> {
  const lines = createInterface({ input: child.stdout! });
  const ended = once(child, "exit").then(() => undefined);
  return Promise.race([once(lines, "line").then(([line]) => line as string), ended]);
}

/**
 * Starts a script that serves until its standard input closes ({@link untilParentEnds}).
 *
 * @param modules loaded before tsx, which would look through each of their thousands of files
 * @param log receives what it says on its standard error, line by line
 * @param args of the script
 * @returns undefined when it ended before it served
 */
export async function startChild(script: string, modules: string[], log: (line: string) => void, args: string[] = []): Promise<Child | undefined> {
  const preload = [...modules, "tsx/cjs"].flatMap(module => ["--require", require.resolve(module)]);
  // Named, because under jest a test's environment is not the process' own.
  const child = spawn(process.execPath, [...preload, script, ...args], { stdio: ["pipe", "pipe", "pipe"], env: process.env });
  const exited = once(child, "exit");
  createInterface({ input: child.stderr }).on("line", log);
  const said = await firstLine(child);
  if (said === undefined) return undefined;
  // It may outlast the last use of it without keeping this process alive.
  for (const handle of [child, child.stdin, child.stdout, child.stderr]) (handle as unknown as { unref(): void }).unref();
  return {
    said,
    async stop() {
      // Waiting for its end has to keep this process alive again.
      child.ref();
      child.stdin.end();
      await exited;
    },
  };
}

/**
 * For the script of a child: ends it when its standard input closes, which the operating system does when the parent ends, however it ends.
 *
 * @param end what is to be done before
 */
export function untilParentEnds(end: () => Promise<void> = async () => {}): void {
  process.stdin.on("close", () => void end().finally(() => process.exit(0))).resume();
  // Ctrl-C reaches the whole process group, and the parent decides what it means.
  process.on("SIGINT", () => {});
}
