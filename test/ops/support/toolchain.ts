import { PulumiCommand } from "@pulumi/pulumi/automation";
import type { Toolchain } from "../../../ops/toolchain";
import { buildTool } from "../../../sandbox/images/build";
import type { PreparedEngine } from "../../../sandbox/main";
import { prepareEngine } from "../../../sandbox/main";

/** The sandbox's engine and stand-ins without its images; it stays up between commands until `end`. */
export function testToolchain(): Toolchain & { end(): Promise<void> } {
  let engine: Promise<PreparedEngine> | undefined;
  return {
    name: "test",
    reason: "a test",
    async prepare({ log }) {
      engine ??= prepareEngine(log);
      const { env, pulumiCommandDir } = await engine;
      return { env, pulumiCommand: await PulumiCommand.get({ root: pulumiCommandDir }), leaveOut: {} };
    },
    compose: async log => [await buildTool("docker-compose", log)],
    localName: image => image,
    stop: () => Promise.resolve(),
    end: async () => (await engine)?.stop(),
  };
}
