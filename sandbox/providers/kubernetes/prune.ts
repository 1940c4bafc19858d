import type { Wire } from "../bridge/values";

const isObject = (value: Wire) => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * What of a live object an earlier one of it speaks of, as the official plugin compares after a read: fields that only the server or other managers
 * have set are nobody's drift. A list of another length is taken whole.
 */
export function prune(live: Wire, like: Wire): Wire {
  if (Array.isArray(live) && Array.isArray(like) && live.length === like.length) return live.map((item, index) => prune(item, like[index]));
  if (!isObject(live) || !isObject(like)) return live;
  return Object.fromEntries(
    Object.entries(like)
      .filter(([key]) => key in live)
      .map(([key, inner]) => [key, prune(live[key], inner)]),
  );
}
