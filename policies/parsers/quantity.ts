const FACTORS: Record<string, number> = { "": 1, m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };

/** A Kubernetes quantity such as `500m` or `1536Mi` as a number: cores, bytes; `undefined` for what is none. */
export function quantity(text: string | number | undefined): number | undefined {
  const [, value, unit] = /^(\d+(?:\.\d+)?)(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/.exec(String(text ?? "")) ?? [];
  return value === undefined ? undefined : Number(value) * FACTORS[unit ?? ""]!;
}
