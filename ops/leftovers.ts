import { type Context } from "./context";
import { remove, stackContainers, stackNetworks } from "./docker";
import { orphans, withoutPending } from "./orphans";
import { type OpenStack, nameOf } from "./stack";

/**
 * Clears what an `up` that was killed left between making something and recording it: containers and networks that carry the stack's label
 * but are not in its state, and operations that the state still calls pending. Volumes are never removed: making one that is there adopts it.
 */
export async function clearLeftovers({ docker, stack, logger }: Context, open: OpenStack): Promise<void> {
  const state = await open.state();
  for (const { id, name } of orphans(await stackContainers(docker, stack), state)) {
    logger.note(`Removing container ${name}: an interrupted run made it and never recorded it`);
    await remove(docker.getContainer(id));
  }
  for (const { id, name } of orphans(await stackNetworks(docker, stack), state)) {
    logger.note(`Removing network ${name}: an interrupted run made it and never recorded it`);
    await remove(docker.getNetwork(id));
  }
  const { cleared } = withoutPending(state);
  if (cleared.length > 0) {
    logger.note(`Forgetting what an interrupted run left pending: ${[...new Set(cleared.map(nameOf))].join(", ")}`);
    await open.replaceState(current => withoutPending(current).state);
  }
}
