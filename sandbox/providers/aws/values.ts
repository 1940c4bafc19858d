import { map, string, type Options, type Property } from "../bridge/schema";
import type { Props, Wire } from "../bridge/values";

/** Equal as JSON, whatever the order of keys and the spaces: what the plugin's diff of policies comes to for those that a program writes. */
export function sameJson(before: Wire, after: Wire): boolean {
  try {
    return JSON.stringify(sorted(JSON.parse(before))) === JSON.stringify(sorted(JSON.parse(after)));
  } catch {
    return false;
  }
}

function sorted(value: Wire): Wire {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value as Props)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

const isJson = (value: Wire) => {
  try {
    return typeof JSON.parse(value) === "object";
  } catch {
    return false;
  }
};

/** A policy document, as JSON. */
export const policy = (options: Options = {}): Property =>
  string({ rule: { test: isJson, says: "a policy document as JSON" }, same: sameJson, ...options });

/** The document as the program wrote it, where what AWS has means the same. */
export const spelled = (written: Wire, found: Wire): Wire => (sameJson(written, found) ? written : found);

export const tags = map();

export const toTags = (pairs: Props = {}) => Object.entries(pairs).map(([Key, Value]) => ({ Key, Value: Value as string }));

export const fromTags = (list: { Key?: string; Value?: string }[] = []): Props => Object.fromEntries(list.map(({ Key, Value }) => [Key, Value]));
