import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { pack } from "tar-stream";
import { buildTool } from "../../../sandbox/images/build";
import { DOCKER_DAEMON, answers, describeUnless } from "./requirements";

/** An image registry in memory, on the loopback address, from which Docker takes plain HTTP. */
export interface Registry {
  /** Name of an image in it, such as `one:1.0.0`. */
  named(name: string): string;
  /** Pushes an image with nothing but this content; returns the digest that Docker prints. */
  push(name: string, content: string): Promise<string>;
  /** Takes what was pushed from this machine's Docker; the registry keeps it. */
  forget(): void;
  stop(): Promise<void>;
}

const docker = (args: string[], input?: Buffer) => execFileSync("docker", args, { input, encoding: "utf8", stdio: ["pipe", "pipe", "pipe"] }).trim();

export async function startRegistry(): Promise<Registry> {
  const command = await buildTool("registry", line => console.info(line));
  const child = spawn(command, ["-port", "0"], { stdio: ["ignore", "ignore", "pipe"] });
  const said: string[] = [];
  const port = await new Promise<string>((resolve, reject) => {
    // Read to the end: it logs every request, and would wait for a reader.
    createInterface(child.stderr).on("line", line => {
      said.push(line);
      const [, found] = /serving on port (\d+)/.exec(line) ?? [];
      if (found) resolve(found);
    });
    child.on("error", reject).on("exit", code => reject(new Error(`the registry ended with ${code}: ${said.join("\n")}`)));
  });
  const named = (name: string) => `127.0.0.1:${port}/t-registry/${name}`;
  const pushed = new Set<string>();
  return {
    named,
    async push(name, content) {
      const tar = pack();
      tar.entry({ name: "content" }, content);
      tar.finalize();
      const chunks: Buffer[] = [];
      for await (const chunk of tar) chunks.push(chunk as Buffer);
      pushed.add(docker(["import", "-", named(name)], Buffer.concat(chunks)));
      return /digest: (sha256:\w+)/.exec(docker(["push", named(name)]))![1]!;
    },
    forget() {
      const here = docker(["image", "ls", "--all", "--quiet", "--no-trunc"]).split("\n");
      const ids = [...pushed].filter(id => here.includes(id));
      if (ids.length > 0) docker(["image", "rm", "--force", ...ids]);
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill();
      await ended;
    },
  };
}

/** Why there can be no registry here, or undefined where there can. */
function missing(): string | undefined {
  const silent = ([["go", "version"], DOCKER_DAEMON] as const).find(command => !answers(command));
  return silent && `${silent[0]} does not answer; the registry is compiled from a Go module, and Docker asks it`;
}

/** A suite that Docker and a registry take part in; skipped, and loudly, where there can be none. */
export const describeWithRegistry = (name: string, suite: () => void): void => describeUnless(missing(), name, suite);
