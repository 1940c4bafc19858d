/**
 * Units as types: a declaration can write `"2G"` but not `"2g"`, because the compiler refuses it, and a value that comes from
 * stack config passes the same grammar at run time. Mistakes in units are the likeliest defect of a resource table.
 */

/** A size of memory: binary gibibytes or mebibytes, as Docker and the runbooks read `2G` and `512M`. */
export type Memory = `${number}G` | `${number}M`;

/** A length of time. */
export type Duration = `${number}s` | `${number}m` | `${number}h` | `${number}d`;

const MEBIBYTES = { M: 1, G: 1024 } as const;
const SECONDS = { s: 1, m: 60, h: 3600, d: 86400 } as const;

/** Thrown for a value outside a unit's grammar; the message names key, value and what is allowed. */
export class UnitError extends Error {
  constructor(key: string, value: unknown, allowed: string) {
    super(`${key}: ${JSON.stringify(value)} is not allowed; use ${allowed}`);
    this.name = "UnitError";
  }
}

/** Mebibytes of a `Memory`, the unit of the Docker provider's `memory`. `key` names the value in the error. */
export function mebibytes(value: Memory, key = "memory"): number {
  const match = /^(\d+(?:\.\d+)?)([GM])$/.exec(value);
  const size = match ? Number(match[1]) * MEBIBYTES[match[2] as keyof typeof MEBIBYTES] : 0;
  if (!Number.isInteger(size) || size <= 0) {
    throw new UnitError(key, value, "a whole number of mebibytes written with G or M, such as 512M, 2G or 1.5G");
  }
  return size;
}

/** Bytes of a `Memory`, the unit of cgroups and of Prometheus. */
export function bytes(value: Memory, key = "memory"): number {
  return mebibytes(value, key) * 1024 * 1024;
}

/** Seconds of a `Duration`. `key` names the value in the error. */
export function seconds(value: Duration, key = "duration"): number {
  const match = /^(\d+)([smhd])$/.exec(value);
  if (!match) {
    throw new UnitError(key, value, "a whole number followed by s, m, h or d, such as 30s, 5m or 90d");
  }
  return Number(match[1]) * SECONDS[match[2] as keyof typeof SECONDS];
}

/** A CPU limit in cores, checked to be positive and a multiple of a hundredth, Docker's step. */
export function cores(value: number, key = "cpu"): number {
  if (!(value > 0) || Math.abs(value * 100 - Math.round(value * 100)) > 1e-9) {
    throw new UnitError(key, value, "a positive number of cores in steps of 0.01, such as 0.25 or 2");
  }
  return value;
}

/** A TCP port, 1 to 65535. */
export function port(value: number, key = "port"): number {
  if (!Number.isInteger(value) || value < 1 || value > 65535) {
    throw new UnitError(key, value, "a whole number from 1 to 65535");
  }
  return value;
}
