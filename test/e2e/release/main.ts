import { main } from "../../../ops/cli";
import type { Project } from "../../../ops/project";
import { testToolchain } from "../../ops/support/toolchain";

/** The command line as bin/ops runs it, on a checkout of the test's own; the gate asks for seconds instead of minutes. */
interface Settings {
  root: string;
  gate: { periodSeconds: number; requestsPerSecond: number };
  rollbackSeconds: number;
}

const [settings, ...argv] = process.argv.slice(2);
const { root, gate, rollbackSeconds } = JSON.parse(settings!) as Settings;

void main(argv, testToolchain(), {
  root,
  async project() {
    const real = (await import("../../../index")) as unknown as Project;
    return {
      ...real,
      plan(config, stack) {
        const plan = real.plan(config, stack);
        const { prometheus, ...releases } = plan.releases!;
        return {
          ...plan,
          releases: { ...releases, gate: { ...releases.gate, ...gate }, rollbackSeconds, prometheus: { ...prometheus, scrapeSeconds: 1 } },
        };
      },
    };
  },
});
