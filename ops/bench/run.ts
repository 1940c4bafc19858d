import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { CommandFailure } from "../exit";

/**
 * Runs a command to its end.
 *
 * @param note gets what it says, line by line
 * @param signal ends it as SIGTERM does; it is waited for all the same
 * @throws CommandFailure `failed` when it ends with another code than 0
 */
export async function run([command, ...args]: readonly string[], note: (line: string) => void, signal?: AbortSignal): Promise<void> {
  const child = spawn(command!, args, { stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", note);
  const end = () => child.kill("SIGTERM");
  signal?.addEventListener("abort", end);
  try {
    const [code] = (await once(child, "close")) as [number | null];
    if (code !== 0) throw new CommandFailure("failed", `${command} ${args.join(" ")} ended with ${code}; what it said is above`);
  } finally {
    signal?.removeEventListener("abort", end);
  }
}
