import { join } from "node:path";
import { startChild } from "../child";

/** The plugins that have a stand-in. */
export const packages = ["aws", "docker", "kubernetes", "random", "tls"];

/** The provider process, serving the engine. */
export interface RunningProviders {
  port: number;
  stop(): Promise<void>;
}

/**
 * Starts the stand-ins in a child process of this one.
 *
 * @param log receives what they say, line by line
 * @throws when the process ends before it serves
 */
export async function startProviders(log: (line: string) => void): Promise<RunningProviders> {
  const child = await startChild(join(__dirname, "serve.ts"), ["@pulumi/pulumi/provider"], log);
  if (!child) throw new Error("the sandbox's provider process ended before it served; its output is above");
  return { port: Number(child.said), stop: () => child.stop() };
}
