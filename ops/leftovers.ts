import { type Context } from "./context";
import { labels, type Owner, remove, stackContainers, stackNetworks } from "./docker";
import { failedJobs, orphans, withoutPending } from "./orphans";
import { type OpenStack, nameOf } from "./stack";

/**
 * Clears what an `up` that was killed left between making something and recording it: containers and networks that carry its owner's label
 * but are not in its state, and operations that the state still calls pending. Volumes are never removed: making one that is there adopts it.
 */
export async function clearLeftovers({ docker, stack, logger }: Context, open: OpenStack, owner: Owner = labels.stack): Promise<void> {
  const state = await open.state();
  const containers = await stackContainers(docker, stack, owner);
  const unknown = orphans(containers, state);
  const why = (state.resources ?? []).length > 0 ? "an interrupted run made it and never recorded it" : "there is no state that knows it";
  for (const { id, name } of unknown) {
    logger.note(`Removing container ${name}: ${why}`);
    await remove(docker.getContainer(id));
  }
  // The state calls a failed job done; once its container is gone, the refresh before an `up` plans it anew.
  for (const { id, name, exitCode } of failedJobs(containers).filter(container => !unknown.includes(container))) {
    logger.note(`Removing container ${name}: its job failed with exit code ${exitCode} and has to run again`);
    await remove(docker.getContainer(id));
  }
  for (const { id, name } of orphans(await stackNetworks(docker, stack, owner), state)) {
    logger.note(`Removing network ${name}: ${why}`);
    await remove(docker.getNetwork(id));
  }
  await forgetPending({ logger }, open);
}

/** Takes out of the state what an interrupted run was about to do. */
export async function forgetPending({ logger }: Pick<Context, "logger">, open: OpenStack): Promise<void> {
  const { cleared } = withoutPending(await open.state());
  if (cleared.length === 0) return;
  logger.note(`Forgetting what an interrupted run left pending: ${[...new Set(cleared.map(nameOf))].join(", ")}`);
  await open.replaceState(current => withoutPending(current).state);
}
