import { containerOf, sidecarOf } from "../backups/face";
import type { OpenVault } from "../backups/open-vault";
import type { OneOff } from "../one-off";
import type { StackPlan } from "../project";
import type { Target } from "./targets";

/** A one-off of the backup image that can read the vault and reach nothing else. */
export function vaultOneOff(plan: StackPlan, vault: OpenVault, name: string, command: string[], change: Partial<OneOff> = {}): OneOff {
  const sidecar = sidecarOf(plan);
  const { files = [], ...rest } = change;
  return {
    name: `${sidecar.container}-${name}`,
    image: sidecar.image,
    command,
    user: 1000,
    network: vault.network,
    volumes: {},
    memory: sidecar.memory,
    ...rest,
    files: [...vault.files, ...files],
  };
}

/** A one-off that runs a shell script on a target's volume, without any network. */
export function volumeOneOff(plan: StackPlan, target: Target, name: string, script: string): OneOff {
  const sidecar = sidecarOf(plan);
  return {
    name: `${containerOf(plan, target.service)}-${name}`,
    image: sidecar.image,
    entrypoint: ["sh", "-ec"],
    command: [script],
    user: target.user,
    volumes: { [target.volume.name]: target.volume.path },
    files: [],
    memory: 128,
  };
}
