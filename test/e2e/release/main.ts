import { main } from "../../../ops/cli";
import type { Project } from "../../../ops/project";
import { clusterTraffic } from "../../../ops/release/traffic";
import { testToolchain } from "../../ops/support/toolchain";

/**
 * The command line as bin/ops runs it, but for two things. Simulated nodes run no containers, so the way into a pod leads to a server of the test's
 * instead. And the gate asks for seconds instead of minutes.
 */
interface Settings {
  root: string;
  /** Base URL behind each Service that is asked. */
  urls: Record<string, string>;
  gate: { periodSeconds: number; requestsPerSecond: number };
  rollbackSeconds: number;
}

const [settings, ...argv] = process.argv.slice(2);
const { root, urls, gate, rollbackSeconds } = JSON.parse(settings!) as Settings;

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
  async traffic(cluster) {
    const real = await clusterTraffic(cluster);
    return {
      ...real,
      async forward(service) {
        // What is really there decides whether there is somebody to ask.
        const deployment = service === "prometheus" ? undefined : service.endsWith("-next") ? service : (await real.selected(service)) && service;
        if (deployment && (await real.ready(deployment)) === 0) throw new Error(`no pod of ${deployment} is ready`);
        return { urls: [urls[service]!], close: () => undefined };
      },
    };
  },
});
