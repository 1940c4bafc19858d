// `2gb` is 2·2³⁰ and `2g` is 2·10⁹ to Redis: the letter b decides.
const UNITS: Record<string, number> = { "": 1, b: 1, k: 1e3, kb: 2 ** 10, m: 1e6, mb: 2 ** 20, g: 1e9, gb: 2 ** 30 };

interface RedisConf {
  /** Bytes; 0 is no limit, as when the directive is missing. */
  maxmemory: number;
  evicts: string;
  /** Append-only file or snapshots. */
  persistent: boolean;
  /** Every write, not only snapshots. */
  appendOnly: boolean;
  /** Paths of the files that it includes. */
  includes: string[];
  /** Whether it sets the password itself. */
  plainPassword: boolean;
}

/** What a redis.conf says about memory, persistence and its password, with Redis's own defaults where it says nothing. */
export function parseRedisConf(text: string): RedisConf {
  const directives = text
    .split("\n")
    .map(line => line.trim().split(/\s+/))
    .map(([name = "", ...values]) => ({ name: name.toLowerCase(), values: values.map(unquote) }));
  const last = (name: string) => directives.filter(directive => directive.name === name).at(-1)?.values;
  const saves = directives.filter(directive => directive.name === "save");
  // An empty `save` forgets those before it; without any, Redis takes its own snapshots.
  const snapshots = saves.length === 0 || saves.at(-1)!.values.join("") !== "";
  return {
    maxmemory: bytes(last("maxmemory")?.[0]),
    evicts: last("maxmemory-policy")?.[0]?.toLowerCase() ?? "noeviction",
    appendOnly: last("appendonly")?.[0]?.toLowerCase() === "yes",
    persistent: snapshots || last("appendonly")?.[0]?.toLowerCase() === "yes",
    includes: directives.filter(({ name }) => name === "include").flatMap(({ values }) => values),
    plainPassword: last("requirepass") !== undefined,
  };
}

function unquote(word: string): string {
  return word.replace(/^(["'])(.*)\1$/, "$2");
}

function bytes(text = "0"): number {
  const [, value, unit] = /^(\d+)([a-z]*)$/i.exec(text) ?? [];
  return value === undefined ? Number.NaN : Number(value) * (UNITS[unit!.toLowerCase()] ?? Number.NaN);
}
