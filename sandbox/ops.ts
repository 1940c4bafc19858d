import { PulumiCommand } from "@pulumi/pulumi/automation";
import { main } from "../ops/cli";
import type { Toolchain } from "../ops/toolchain";
import { type PreparedEngine, prepareEngine } from "./main";

/** The sandbox's engine, stand-ins and images, for machines that reach package registries only. */
function sandboxToolchain(reason: string): Toolchain {
  let engine: PreparedEngine | undefined;
  return {
    name: "sandbox",
    reason,
    async prepare({ log }) {
      engine ??= await prepareEngine(log);
      const pulumiCommand = await PulumiCommand.get({ root: engine.pulumiCommandDir });
      return { env: engine.env, pulumiCommand, leaveOut: {} };
    },
    async stop() {
      await engine?.stop();
      engine = undefined;
    },
  };
}

void main(process.argv.slice(2), sandboxToolchain(process.env.ULTRATHINK_TOOLCHAIN_REASON ?? "asked for by name"));
