/** Health command of an exporter whose image has busybox: it not only runs, it reaches what it exports, as its own 0/1 metric says. */
export function answers(port: number, metric: string): string[] {
  return ["sh", "-c", `wget -q -O - http://localhost:${port}/metrics | grep -q '^${metric} 1$'`];
}
