const SECONDS: Record<string, number> = { second: 1, minute: 60, hour: 3600, day: 86_400, week: 604_800 };

/** TimescaleDB's retention policies in a SQL text; `seconds` is `undefined` for an interval that has no fixed length, such as months. */
export function retentionPolicies(sql: string): { table: string; seconds: number | undefined }[] {
  const calls = sql.matchAll(/add_retention_policy\(\s*'([^']+)'\s*,\s*(?:drop_after\s*=>\s*)?INTERVAL\s+'(\d+)\s+([a-z]+?)s?'/gi);
  return [...calls].map(([, table, value, unit]) => {
    const factor = SECONDS[unit!.toLowerCase()];
    return { table: table!, seconds: factor === undefined ? undefined : Number(value) * factor };
  });
}
