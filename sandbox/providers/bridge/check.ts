import type { CheckFailure } from "@pulumi/pulumi/provider";
import type { Property, Schema } from "./schema";
import { isUnknown, type Props, type Wire } from "./values";

const typeNames: Record<Property["kind"], string> = {
  string: "a string",
  int: "a whole number",
  bool: "true or false",
  list: "a list",
  set: "a list",
  map: "a map of strings",
  object: "an object",
};

/**
 * What the official plugin would refuse in `inputs`, and what only it can do.
 *
 * @param unimplemented keys that the official plugin knows and this stand-in does not.
 */
export function failures(schema: Schema, inputs: Props, unimplemented: readonly string[], path = ""): CheckFailure[] {
  const found: CheckFailure[] = [];
  for (const key of Object.keys(inputs)) {
    if (schema[key] || key === "__defaults") continue;
    const reason = unimplemented.includes(key)
      ? `the sandbox's stand-in does not implement "${path}${key}" (the official plugin does): leave it out in the sandbox, or use the official plugin`
      : `Invalid or unknown key. Known here: ${Object.keys(schema).sort().join(", ")}`;
    found.push({ property: path + key, reason });
  }
  for (const [key, property] of Object.entries(schema)) {
    found.push(...valueFailures(property, inputs[key], path + key, property.required));
  }
  return found;
}

function valueFailures(property: Property, value: Wire, path: string, needed = false): CheckFailure[] {
  if (isUnknown(value)) return [];
  if (value === undefined || value === null) {
    return needed ? [{ property: path, reason: `Missing required property '${path}'` }] : [];
  }
  if (!hasType(property, value)) {
    return [{ property: path, reason: `expected ${typeNames[property.kind]}, got ${JSON.stringify(value)}` }];
  }
  if (property.rule && !property.rule.test(value)) {
    return [{ property: path, reason: `${JSON.stringify(value)} is not allowed: use ${property.rule.says}` }];
  }
  if (property.fields) return failures(property.fields, value, [], `${path}.`);
  if (property.of) {
    return (value as Wire[]).flatMap((item, index) => valueFailures(property.of!, item, `${path}[${index}]`, true));
  }
  return [];
}

function hasType(property: Property, value: Wire): boolean {
  switch (property.kind) {
    case "string":
      return typeof value === "string";
    case "int":
      return Number.isInteger(value);
    case "bool":
      return typeof value === "boolean";
    case "list":
    case "set":
      return Array.isArray(value);
    case "map":
      return isPlainObject(value) && Object.values(value).every(item => typeof item === "string");
    case "object":
      return isPlainObject(value);
  }
}

function isPlainObject(value: unknown): value is Props {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
