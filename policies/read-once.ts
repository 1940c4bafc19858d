import { createRequire } from "node:module";

type Deserialize = (properties: object, keepSecrets: boolean) => object;

// Internal to the SDK, whose version is pinned exactly.
const sdk = createRequire(__filename)("@pulumi/policy/deserialize") as { deserializeProperties: Deserialize };

/**
 * Lets the SDK read a resource's properties once. It reads them anew for every rule that may judge the resource, and no rule changes them. What it
 * reads to remediate, it may change, and is left alone.
 */
export function readOnce(): void {
  const read = sdk.deserializeProperties;
  const done = new WeakMap<object, object>();
  sdk.deserializeProperties = (properties, keepSecrets) => {
    if (keepSecrets) return read(properties, keepSecrets);
    const known = done.get(properties) ?? read(properties, keepSecrets);
    done.set(properties, known);
    return known;
  };
}
