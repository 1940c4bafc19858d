import type { Props, Wire } from "./values";

/** A rule on one value beyond its type; `says` names what is allowed. */
export interface Rule {
  test(value: Wire): boolean;
  says: string;
}

/** What the official plugin's schema says of one property, in the words of its source. */
export interface Property {
  kind: "string" | "int" | "bool" | "list" | "set" | "map" | "object";
  /** Element of a list or set. Default: strings. */
  of?: Property;
  /** Fields of an object. */
  fields?: Schema;
  required?: boolean;
  /** A change replaces the resource (`ForceNew`); without it a change updates in place. */
  replaces?: boolean;
  /** The plugin fills it in when the program leaves it out; leaving it out is then never a change (`Computed`). */
  computed?: boolean;
  default?: string | number | boolean;
  rule?: Rule;
  /** Further differences that the plugin does not count as a change (`DiffSuppressFunc`). */
  same?(before: Wire, after: Wire): boolean;
}

export type Schema = Record<string, Property>;

export type Options = Omit<Property, "kind">;

export const string = (options: Options = {}): Property => ({ kind: "string", ...options });
export const int = (options: Options = {}): Property => ({ kind: "int", ...options });
export const bool = (options: Options = {}): Property => ({ kind: "bool", ...options });
export const list = (of: Property, options: Options = {}): Property => ({ kind: "list", of, ...options });
export const set = (of: Property, options: Options = {}): Property => ({ kind: "set", of, ...options });
export const map = (options: Options = {}): Property => ({ kind: "map", ...options });
export const object = (fields: Schema, options: Options = {}): Property => ({ kind: "object", fields, ...options });

export const replaces = { replaces: true } as const;
export const required = { required: true } as const;

export function matches(pattern: RegExp, says: string): { rule: Rule } {
  return { rule: { test: (value: string) => pattern.test(value), says } };
}

export function atLeast(limit: number): { rule: Rule } {
  return { rule: { test: (value: number) => value >= limit, says: `a whole number of ${limit} or more` } };
}

/** The defaults of a schema, for the fields that `inputs` leaves out. */
export function withDefaults(schema: Schema, inputs: Props): Props {
  const filled: Props = { ...inputs };
  for (const [key, property] of Object.entries(schema)) {
    if (filled[key] === undefined && property.default !== undefined) filled[key] = property.default;
    else filled[key] = nestedDefaults(property, filled[key]);
    if (filled[key] === undefined) delete filled[key];
  }
  return filled;
}

function nestedDefaults(property: Property, value: Wire): Wire {
  if (property.fields && typeof value === "object" && value !== null) return withDefaults(property.fields, value);
  if (property.of?.fields && Array.isArray(value)) return value.map(item => nestedDefaults(property.of!, item));
  return value;
}
