import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { CommandFailure } from "./exit";

/** What a command needs before it can touch a stack: an engine, its plugins and, for `up`, the stack's images. */
export interface Toolchain {
  name: string;
  /** Why this toolchain was chosen, in one sentence; printed on every run. */
  reason: string;
  prepare(request: PrepareRequest): Promise<Prepared>;
  /**
   * The command line of Docker Compose, which only `bench` compares with.
   * @throws CommandFailure `prerequisites` where there is none
   */
  compose(log: (line: string) => void): Promise<string[]>;
  /** Ends what `prepare` started. Safe to call more than once and without `prepare`. */
  stop(): Promise<void>;
}

export interface PrepareRequest {
  /** Images that the coming operation will start, by service; empty when it starts none. */
  images: Record<string, string>;
  log: (line: string) => void;
}

export interface Prepared {
  /** Environment of the engine. Never a secret: child processes inherit it. */
  env: Record<string, string>;
  /** @default - the `pulumi` on PATH */
  pulumiCommand?: PulumiCommand;
  /** Services whose image cannot be had here, each with the reason. */
  leaveOut: Record<string, string>;
}

/** A toolchain that is made ready once and stays so between operations; `end` ends it. */
export function kept(toolchain: Toolchain): Toolchain & { end(): Promise<void> } {
  let prepared: Promise<Prepared> | undefined;
  return {
    ...toolchain,
    prepare: request => (prepared ??= toolchain.prepare(request)),
    stop: () => Promise.resolve(),
    end: () => toolchain.stop(),
  };
}

/** The official CLI, plugins and images: what everyone with an ordinary connection uses. */
export function officialToolchain(reason: string): Toolchain {
  return {
    name: "official",
    reason,
    async prepare({ log }) {
      const pulumiCommand = await PulumiCommand.get().catch(() => {
        log("The Pulumi CLI is missing or too old: installing the version that matches the SDK");
        return PulumiCommand.install();
      });
      return { env: { PULUMI_SKIP_UPDATE_CHECK: "true" }, pulumiCommand, leaveOut: {} };
    },
    compose: () =>
      promisify(execFile)("docker", ["compose", "version"]).then(
        () => ["docker", "compose"],
        () => {
          throw new CommandFailure("prerequisites", "`docker compose version` fails: install Docker's Compose plugin, 2.20 or newer");
        },
      ),
    stop: () => Promise.resolve(),
  };
}
