import { spawn, type SpawnOptions } from "node:child_process";

/** Receives one line of progress. */
export type Log = (line: string) => void;

/** How often a running step says that it is still running, in milliseconds. */
const REPORT_EVERY_MS = 30_000;
/** How much of a failed command's output an error repeats, in characters. */
const TAIL = 4_000;

/**
 * Runs a command to its end.
 *
 * @param input what the command reads from its standard input, if anything
 * @throws with the command's last lines when it cannot be started or ends with another status than 0
 */
export async function run(command: string, args: string[], options: SpawnOptions & { input?: NodeJS.ReadableStream } = {}): Promise<string> {
  const { input, ...rest } = options;
  const child = spawn(command, args, { ...rest, stdio: [input ? "pipe" : "ignore", "pipe", "pipe"] });
  let output = "";
  let everything = "";
  child.stdout!.on("data", (chunk: Buffer) => (output += chunk.toString()));
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.on("data", (chunk: Buffer) => (everything = (everything + chunk.toString()).slice(-TAIL)));
  }
  // A command that ends before it has read everything says why by its status.
  if (input) input.pipe(child.stdin!.on("error", () => input.unpipe()));
  const code = await new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}:\n${everything.trim()}`);
  return output.trim();
}

/** Says what a step does and for how long it has been at it; names the step in the error when it fails. */
export async function step<T>(what: string, seconds: number, log: Log, work: () => Promise<T>): Promise<T> {
  const started = Date.now();
  const passed = () => Math.round((Date.now() - started) / 1000);
  log(`${what} (about ${seconds} s)`);
  const ticker = setInterval(() => log(`${what}: ${passed()} s of about ${seconds} s`), REPORT_EVERY_MS);
  try {
    return await work();
  } catch (error) {
    throw new Error(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    clearInterval(ticker);
  }
}
