import { ultrathink as book } from "../policies/books/ultrathink";

/** The image lock as `make images` leaves it: all but what is built from this repository has a digest. For `jest.mock`. */
export function pinnedLock(): Record<string, string> {
  const lock = jest.requireActual<Record<string, string>>("../images.lock.json");
  const isBuiltHere = (reference: string) => book.built!.some(repository => reference.startsWith(`${repository}:`));
  const pinned = (reference: string) => `${reference.replace(/@.*/, "")}@sha256:${"a".repeat(64)}`;
  return Object.fromEntries(Object.entries(lock).map(([key, reference]) => [key, isBuiltHere(reference) ? reference : pinned(reference)]));
}

/** What the rule on digests then still finds in a stack on a cluster, whose nodes build nothing. */
export const BUILT_HERE = "names 2 images: ultrathink/backup:0.1.0, ultrathink/workloads:0.1.0. ";
