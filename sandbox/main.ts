import { delimiter, join } from "node:path";
import { buildEngine } from "./engine/build";
import { packages, startProviders } from "./providers/start";

/** What the Automation API needs to run the sandbox's engine. */
export interface PreparedEngine {
  /** For `PulumiCommand.get({ root: pulumiCommandDir })`: the folder with `bin/pulumi`. */
  pulumiCommandDir: string;
  /** For `LocalWorkspaceOptions.envVars`. */
  env: Record<string, string>;
  /** One line to print on every run: what is real here and what is not. */
  description: string;
  /** Ends the provider process. It also ends by itself when this process does. */
  stop(): Promise<void>;
}

/**
 * Makes the real Pulumi engine ready where the official CLI and plugins cannot be had: builds it on first use, starts the
 * stand-ins for the aws, docker, kubernetes, random and tls plugins, and says how to run it.
 *
 * @param log receives progress and what the stand-ins say
 */
export async function prepareEngine(log: (line: string) => void): Promise<PreparedEngine> {
  const engine = await buildEngine(log);
  const providers = await startProviders(log);
  const description =
    `sandbox: the real Pulumi engine ${engine.version}, built from its Go module; ` +
    "the aws, docker, kubernetes, random and tls plugins are stand-ins (sandbox/README.md)";
  log(description);
  return {
    pulumiCommandDir: engine.root,
    env: {
      PATH: [join(engine.root, "bin"), join(__dirname, "engine", "bin"), process.env.PATH].join(delimiter),
      PULUMI_DEBUG_PROVIDERS: packages.map(name => `${name}:${providers.port}`).join(","),
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    },
    description,
    stop: () => providers.stop(),
  };
}
