/** Names of the metrics in a text exposition. */
export function metricNames(exposition: string): Set<string> {
  return new Set(
    exposition
      .split("\n")
      .filter(line => line !== "" && !line.startsWith("#"))
      .map(line => /^[A-Za-z_:][\w:]*/.exec(line)![0]),
  );
}
