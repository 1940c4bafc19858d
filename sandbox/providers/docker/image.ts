import { bool, required, replaces, string } from "../bridge/schema";
import type { ResourceType } from "../bridge/resource";
import type { Props } from "../bridge/values";
import { daemon, orMissing } from "./daemon";
import { stringSet } from "./labels";

/** Label of the images that the sandbox makes from packages. */
export const SANDBOX_LABEL = "dev.ultrathink.sandbox";

/** An image of the local daemon. */
export interface LocalImage {
  /** Content id, `sha256:…`. */
  id: string;
  /** The name that the daemon knows it by; differs from the asked name only for a sandbox image asked for by digest. */
  name: string;
  repoDigest: string;
}

const said = new Set<string>();

/**
 * The image in the local daemon, or undefined.
 *
 * A name with a digest (`repo:tag@sha256:…`) that the daemon does not have is also satisfied by `repo:tag` where that
 * is an image which the sandbox made: its digest can never be the published one. This is said once per image.
 */
export async function findLocal(name: string): Promise<LocalImage | undefined> {
  const exact = await orMissing(daemon.getImage(name).inspect());
  if (exact) return { id: exact.Id, name, repoDigest: repoDigestOf(name, exact.RepoDigests ?? []) };
  const tag = name.replace(/@sha256:[0-9a-f]{64}$/, "");
  if (tag === name) return undefined;
  const made = await orMissing(daemon.getImage(tag).inspect());
  if (made?.Config?.Labels?.[SANDBOX_LABEL] !== "true") return undefined;
  if (!said.has(name)) {
    said.add(name);
    console.error(`sandbox image made from packages stands in for ${name}`);
  }
  return { id: made.Id, name: tag, repoDigest: "" };
}

function repoDigestOf(name: string, digests: string[]): string {
  const repository = name.replace(/@.*$/, "").replace(/:[^:/]*$/, "");
  return digests.find(digest => digest.startsWith(`${repository}@`)) ?? "";
}

/** The local image, pulled first when it is missing. */
export async function findOrPull(name: string): Promise<LocalImage> {
  const present = await findLocal(name);
  if (present) return present;
  try {
    const progress = await daemon.pull(name);
    await new Promise<void>((resolve, reject) => daemon.modem.followProgress(progress, error => (error ? reject(error) : resolve())));
  } catch (error) {
    throw new Error(`unable to pull image ${name}: ${(error as Error).message}. In the sandbox, make it first: see sandbox/README.md`);
  }
  const pulled = await findLocal(name);
  if (!pulled) throw new Error(`unable to find or pull image ${name}`);
  return pulled;
}

function stateOf(inputs: Props, image: LocalImage) {
  return { id: image.id + inputs.name, state: { ...inputs, imageId: image.id, repoDigest: image.repoDigest } };
}

/** `docker.RemoteImage`: an image by name, found locally or pulled. Building is not implemented. */
export const remoteImage: ResourceType = {
  schema: {
    name: string({ ...required, ...replaces }),
    keepLocally: bool(),
    forceRemove: bool(),
    pullTriggers: stringSet(replaces),
    triggers: { kind: "map", ...replaces },
  },
  unimplemented: ["build", "platform"],
  async create(inputs) {
    return stateOf(inputs, await findOrPull(inputs.name));
  },
  async read(_id, state) {
    const image = await findLocal(state.name);
    return image && stateOf(state, image);
  },
  async update(_id, state, inputs) {
    return stateOf({ ...state, ...inputs }, await findOrPull(inputs.name)).state;
  },
  async remove(_id, state) {
    if (state.keepLocally) return;
    const image = await findLocal(state.name);
    if (image) await daemon.getImage(image.name).remove({ force: state.forceRemove ?? false });
  },
};
