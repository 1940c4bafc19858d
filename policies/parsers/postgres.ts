const SECONDS: Record<string, number> = { ms: 0.001, s: 1, min: 60, h: 3600, d: 86_400 };

/** Settings on a postgres command line, `-c key=value` or `--key=value`; the last of equal keys wins, as in PostgreSQL. */
export function postgresSettings(command: string[]): Map<string, string> {
  const pairs = command.flatMap((word, index) => {
    const text = word === "-c" ? command[index + 1] : /^(?:-c|--)(?=[\w-]+=)(.*)$/s.exec(word)?.[1];
    const pair = /^([\w.-]+)\s*=\s*(.*)$/s.exec(text ?? "");
    return pair ? [[pair[1]!.replaceAll("-", "_").toLowerCase(), pair[2]!] as const] : [];
  });
  return new Map(pairs);
}

/** Seconds of a setting whose own unit is the second, such as `archive_timeout`; `undefined` for what PostgreSQL would refuse. */
export function postgresSeconds(value: string): number | undefined {
  const [, number, unit = "s"] = /^(\d+)\s*(ms|s|min|h|d)?$/.exec(value.trim()) ?? [];
  return number === undefined ? undefined : Number(number) * SECONDS[unit]!;
}
