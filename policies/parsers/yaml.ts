import { parse } from "yaml";

/** A YAML or JSON text as plain values; `undefined` for what is neither. */
export function parseYaml(text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch {
    return undefined;
  }
}
