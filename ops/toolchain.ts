import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { version as sdkVersion } from "@pulumi/pulumi/package.json";
import { atLeast } from "./doctor/assess";
import { CommandFailure } from "./exit";
import { provideOwnImages } from "./own-images";

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
  /** Name by which this machine's Docker has an image of the stack, once `prepare` was asked for it. */
  localName(image: string): string;
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

/** The official CLI, plugins and images, and the project's own images built from their sources: what everyone with an ordinary connection uses. */
export function officialToolchain(reason: string): Toolchain {
  return {
    name: "official",
    reason,
    async prepare({ images, log }) {
      const pulumiCommand = await pulumiCli(log);
      await provideOwnImages(Object.values(images), log);
      return { env: { PULUMI_SKIP_UPDATE_CHECK: "true" }, pulumiCommand, leaveOut: {} };
    },
    compose: () =>
      promisify(execFile)("docker", ["compose", "version"]).then(
        () => ["docker", "compose"],
        () => {
          throw new CommandFailure("prerequisites", "`docker compose version` fails: install Docker's Compose plugin, 2.20 or newer");
        },
      ),
    localName: image => image,
    stop: () => Promise.resolve(),
  };
}

/** The CLI on PATH where it is as new as the SDK: the program's own minimum. Otherwise that version, installed once beside it. */
async function pulumiCli(log: (line: string) => void): Promise<PulumiCommand> {
  const found = await PulumiCommand.get().catch(() => undefined);
  if (found?.version && atLeast(found.version.version, sdkVersion)) return found;
  log(
    `The Pulumi CLI ${found?.version ? `on PATH is ${found.version.version}` : "is not on PATH"}: using ${sdkVersion}, installed once into ~/.pulumi/versions`,
  );
  return PulumiCommand.install().catch((error: Error) => {
    throw new CommandFailure(
      "prerequisites",
      `the Pulumi CLI ${sdkVersion} cannot be installed: ${error.message.trim()}\nInstall it (https://www.pulumi.com/docs/install), or set ULTRATHINK_TOOLCHAIN=sandbox on a machine that reaches package registries only.`,
    );
  });
}
