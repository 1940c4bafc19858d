import { PulumiCommand } from "@pulumi/pulumi/automation";
import type { Toolchain } from "../../../ops/toolchain";
import { type PreparedEngine, prepareEngine } from "../../../sandbox/main";

/** The sandbox's engine and stand-ins, without its images. */
export function testToolchain(leaveOut: Record<string, string> = {}): Toolchain {
  let engine: PreparedEngine | undefined;
  return {
    name: "test",
    reason: "a test",
    async prepare({ log }) {
      engine = await prepareEngine(log);
      return { env: engine.env, pulumiCommand: await PulumiCommand.get({ root: engine.pulumiCommandDir }), leaveOut };
    },
    async stop() {
      await engine?.stop();
    },
  };
}
