import { list, object, required, set, string, type Options, type Property } from "../bridge/schema";

/** Labels as the plugin takes them: a set of `{label, value}`. */
export const labels = (options: Options): Property => set(object({ label: string(required), value: string(required) }), options);

export function toMap(pairs: { label: string; value: string }[] | undefined): Record<string, string> {
  return Object.fromEntries((pairs ?? []).map(({ label, value }) => [label, value]));
}

export function fromMap(map: Record<string, string> | null | undefined): { label: string; value: string }[] {
  return Object.entries(map ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => ({ label, value }));
}

export const strings = (options: Options = {}): Property => list(string(), options);
export const stringSet = (options: Options = {}): Property => set(string(), options);
