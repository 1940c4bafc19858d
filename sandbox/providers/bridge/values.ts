import { specialSecretSig, specialSigKey, unknownValue } from "@pulumi/pulumi/runtime";

/**
 * A value as the engine sends it: its shape is known only by the table that the value is checked against.
 */

export type Wire = any;

/** A bag of resource properties in plain form, as the Docker or TLS code wants it. */
export type Props = Record<string, Wire>;

/** True for the marker that stands for a value a preview does not know yet. */
export function isUnknown(value: unknown): boolean {
  return value === unknownValue;
}

function isObject(value: unknown): value is Props {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSecret(value: unknown): value is { value: unknown } {
  return isObject(value) && value[specialSigKey] === specialSecretSig;
}

function holdsSecret(value: unknown): boolean {
  if (isSecret(value)) return true;
  if (Array.isArray(value)) return value.some(holdsSecret);
  return isObject(value) && Object.values(value).some(holdsSecret);
}

/** The value without the engine's secret envelopes, at every depth. */
export function reveal(value: Wire): Wire {
  if (isSecret(value)) return reveal(value.value);
  if (Array.isArray(value)) return value.map(reveal);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, reveal(inner)]));
}

/** The value in the engine's secret envelope: the state then holds it encrypted. */
export function secret(value: unknown): unknown {
  return isSecret(value) ? value : { [specialSigKey]: specialSecretSig, value };
}

/**
 * `out` with everything secret that is secret in `like`. Objects are matched key by key; a list with a secret anywhere
 * becomes secret whole, since its elements cannot be matched by position. This is the engine's own rule for plugins
 * that do not handle secrets themselves, which is what the official docker plugin is.
 */
export function conceal(out: Wire, like: Wire): Wire {
  if (out === undefined || !holdsSecret(like)) return out;
  if (!isSecret(like) && isObject(out) && isObject(like)) {
    return Object.fromEntries(Object.entries(out).map(([key, inner]) => [key, conceal(inner, like[key])]));
  }
  return secret(out);
}
