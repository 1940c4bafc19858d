import { map, replaces, string } from "../bridge/schema";
import type { ResourceType } from "../bridge/resource";
import type { Props } from "../bridge/values";
import { daemon, hasStatus, orMissing, pause } from "./daemon";
import { fromMap, labels, toMap } from "./labels";

/** How long a deletion waits for the last container to let the volume go, as the plugin does. */
const RELEASE_TIMEOUT_MS = 30_000;

async function observe(id: string, prior: Props) {
  const found = await orMissing(daemon.getVolume(id).inspect());
  if (!found) return undefined;
  const state = {
    ...prior,
    name: found.Name,
    labels: fromMap(found.Labels),
    driver: found.Driver,
    driverOpts: found.Options ?? {},
    mountpoint: found.Mountpoint,
  };
  return { id: found.Name, state };
}

/**
 * `docker.Volume`. Creating one whose name exists adopts it with its data, labels included: where those differ from the
 * program's, the next `up` replaces the volume, data and all. The official plugin does the same.
 */
export const volume: ResourceType = {
  autoName: true,
  schema: {
    name: string({ ...replaces, computed: true }),
    labels: labels(replaces),
    driver: string({ ...replaces, computed: true }),
    driverOpts: map(replaces),
  },
  unimplemented: ["cluster"],
  async create(inputs) {
    const created = await daemon.createVolume({
      Name: inputs.name,
      Labels: toMap(inputs.labels),
      Driver: inputs.driver || "local",
      DriverOpts: inputs.driverOpts,
    });
    return (await observe(created.name, inputs))!;
  },
  read: observe,
  async remove(id, _state, signal) {
    const deadline = Date.now() + RELEASE_TIMEOUT_MS;
    for (;;) {
      try {
        await daemon.getVolume(id).remove({ force: true });
        return;
      } catch (error) {
        if (hasStatus(error, 404)) return;
        if (!String(error).includes("volume is in use") || Date.now() > deadline) throw error;
        await pause(500, signal);
      }
    }
  },
};
