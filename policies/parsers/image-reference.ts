/** Whether a reference, or the id of an image, pins what it names: a digest never moves. */
export const hasDigest = (reference: string): boolean => /(^|@)sha256:[0-9a-f]{64}$/.test(reference);

/** What is wrong with an image reference that does not name one exact image; `undefined` when it does. */
export function floating(reference: string): string | undefined {
  if (hasDigest(reference)) return undefined;
  // A colon before the last slash belongs to a registry's port.
  const [, tag] = /:([^/:]+)$/.exec(reference.replace(/@.*$/, "")) ?? [];
  if (tag === undefined) return "has neither tag nor digest";
  return /(^|[^\d.])\d+\.\d+\.\d+/.test(tag) ? undefined : `has the floating tag "${tag}"`;
}
