import type { KubeConfig } from "@kubernetes/client-node";
import { CommandFailure } from "./exit";
import type { PlannedCluster } from "./project";

/** The client of Kubernetes. Loaded when it is first needed: it takes half a second, and stacks on Docker have no use for it. */
export const kubernetes = () => import("@kubernetes/client-node");

/**
 * How a stack's cluster is reached: by the kubeconfig that `KUBECONFIG` names, or the user's own, and the context of the stack's config, as the plugin
 * does it. Clients are made of it: `config.makeApiClient(AppsV1Api)`.
 *
 * @throws CommandFailure `usage` where the kubeconfig has no such context
 */
export async function clusterOf({ context }: PlannedCluster): Promise<KubeConfig> {
  const { KubeConfig } = await kubernetes();
  const config = new KubeConfig();
  config.loadFromDefault();
  if (context !== undefined) {
    if (!config.getContextObject(context)) {
      const known = config.getContexts().map(({ name }) => name);
      throw new CommandFailure(
        "usage",
        `kubeContext: "${context}" is not in the kubeconfig, whose contexts are ${known.join(", ") || "none"}. Set KUBECONFIG to the file that has it, or kubeContext in the stack's file.`,
      );
    }
    config.setCurrentContext(context);
  }
  return config;
}

/**
 * The cluster's answer, or the failure with what to do.
 *
 * @throws CommandFailure `prerequisites` where no cluster answers
 */
export async function requireCluster(config: KubeConfig): Promise<void> {
  const { VersionApi } = await kubernetes();
  const context = config.getCurrentContext();
  try {
    await config.makeApiClient(VersionApi).getCode();
  } catch (error) {
    throw new CommandFailure(
      "prerequisites",
      `The cluster of context ${context} (${config.getCurrentCluster()?.server ?? "no address"}) does not answer: ${(error as Error).message}\n` +
        `See that \`kubectl --context ${context} version\` works with the same KUBECONFIG.`,
    );
  }
}
