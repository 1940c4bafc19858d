import { bool, map, object, replaces, set, string } from "../bridge/schema";
import type { ResourceType } from "../bridge/resource";
import type { Props } from "../bridge/values";
import { daemon, hasStatus, orMissing, pause } from "./daemon";
import { fromMap, labels, toMap } from "./labels";

/** How long a deletion waits for the last container to leave the network, as the plugin does. */
const LEAVE_TIMEOUT_MS = 30_000;

async function observe(id: string, prior: Props) {
  const found = await orMissing(daemon.getNetwork(id).inspect());
  if (!found) return undefined;
  const ipamConfigs = (found.IPAM?.Config ?? []).map(config => ({
    subnet: config.Subnet,
    gateway: config.Gateway,
    ipRange: config["IPRange"],
    auxAddress: config["AuxiliaryAddresses"],
  }));
  const state = {
    ...prior,
    name: found.Name,
    labels: fromMap(found.Labels),
    driver: found.Driver,
    internal: found.Internal,
    attachable: found.Attachable,
    ingress: found.Ingress,
    ipv6: found.EnableIPv6,
    ipamDriver: found.IPAM?.Driver,
    ipamOptions: found.IPAM?.Options ?? {},
    ipamConfigs,
    options: found.Options ?? {},
    scope: found.Scope,
  };
  return { id: found.Id, state };
}

/** `docker.Network`. */
export const network: ResourceType = {
  autoName: true,
  schema: {
    name: string(replaces),
    labels: labels(replaces),
    driver: string({ ...replaces, computed: true }),
    options: map({ ...replaces, computed: true }),
    internal: bool({ ...replaces, computed: true }),
    attachable: bool(replaces),
    ingress: bool(replaces),
    ipv6: bool(replaces),
    ipamDriver: string({ ...replaces, default: "default" }),
    ipamOptions: map(replaces),
    ipamConfigs: set(object({ subnet: string(), ipRange: string(), gateway: string(), auxAddress: map() }), {
      ...replaces,
      computed: true,
    }),
  },
  async create(inputs) {
    const { id } = await daemon.createNetwork({
      Name: inputs.name,
      // The plugin asks this of its client library's old releases too: two networks of one name are never wanted.
      CheckDuplicate: true,
      Labels: toMap(inputs.labels),
      Driver: inputs.driver || "bridge",
      Options: inputs.options,
      Internal: inputs.internal ?? false,
      Attachable: inputs.attachable ?? false,
      Ingress: inputs.ingress ?? false,
      EnableIPv6: inputs.ipv6 ?? false,
      IPAM: {
        Driver: inputs.ipamDriver,
        Options: inputs.ipamOptions,
        Config: (inputs.ipamConfigs ?? []).map((config: Props) => ({
          Subnet: config.subnet,
          Gateway: config.gateway,
          IPRange: config.ipRange,
          AuxiliaryAddresses: config.auxAddress,
        })),
      },
    });
    return (await observe(id, inputs))!;
  },
  read: observe,
  async remove(id, _state, signal) {
    const deadline = Date.now() + LEAVE_TIMEOUT_MS;
    for (;;) {
      try {
        await daemon.getNetwork(id).remove();
        return;
      } catch (error) {
        if (hasStatus(error, 404)) return;
        if (!String(error).includes("has active endpoints") || Date.now() > deadline) throw error;
        await pause(500, signal);
      }
    }
  },
};
