import type { Property, Schema } from "./schema";
import type { Props, Wire } from "./values";

/** Names of the properties that differ, and those of them that force a replacement. */
export interface Changes {
  changed: string[];
  replaced: string[];
}

/**
 * What changes between a resource's state and the new inputs, by the rules of the official plugin's bridge: an empty
 * value equals a missing one, sets have no order, a computed property that the program leaves out never changes.
 */
export function changes(schema: Schema, state: Props, inputs: Props): Changes {
  const changed = Object.keys(schema).filter(key => differs(schema[key]!, state[key], inputs[key]));
  return { changed, replaced: changed.filter(key => schema[key]!.replaces) };
}

function differs(property: Property, before: Wire, after: Wire): boolean {
  if (after === undefined && property.computed) return false;
  if (equal(property, before, after)) return false;
  return !property.same?.(before, after);
}

/** True when two values of a property mean the same to the plugin. */
export function equal(property: Property, before: Wire, after: Wire): boolean {
  return JSON.stringify(canonical(property, before)) === JSON.stringify(canonical(property, after));
}

/** One form for all spellings of the same value: empty becomes undefined, maps and sets are sorted. */
function canonical(property: Property, value: Wire): Wire {
  if (value === undefined || value === null || value === "" || value === 0 || value === false) return undefined;
  switch (property.kind) {
    case "object":
      return emptyToUndefined(
        Object.keys(property.fields!)
          .map(key => [key, canonical(property.fields![key]!, value[key])])
          .filter(([, inner]) => inner !== undefined),
      );
    case "map":
      return emptyToUndefined(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
    case "list":
      return emptyToUndefined((value as Wire[]).map(item => canonical(property.of!, item) ?? null));
    case "set":
      return emptyToUndefined((value as Wire[]).map(item => JSON.stringify(canonical(property.of!, item) ?? null)).sort());
    default:
      return value;
  }
}

function emptyToUndefined(items: Wire[]): Wire[] | undefined {
  return items.length === 0 ? undefined : items;
}

/**
 * The observed state, keeping the program's own order and spelling wherever the observation means the same. Without
 * this a refresh would report a change each time Docker returns a set in another order.
 */
export function keepSpelling(schema: Schema, prior: Props, observed: Props): Props {
  return Object.fromEntries(
    Object.entries(observed).map(([key, value]) => {
      const property = schema[key];
      return [key, property && key in prior && equal(property, prior[key], value) ? prior[key] : value];
    }),
  );
}
