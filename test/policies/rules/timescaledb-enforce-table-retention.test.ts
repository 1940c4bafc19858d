import { rule } from "../../../policies/rules/timescaledb-enforce-table-retention";
import { CONTAINER } from "../../../policies/docker";
import { container, judgeStack, resource, withFile } from "../support";

const good: Record<string, string> = { metrics: "7776000 seconds", metrics_hourly: "365 days", trading_decisions: "8760 hours" };
const sql = (tables: Record<string, string>) =>
  Object.entries(tables)
    .map(([table, interval]) => `SELECT add_retention_policy('${table}', INTERVAL '${interval}', if_not_exists => TRUE);\n`)
    .join("");
const database = resource(CONTAINER, container());
const judged = (text: string) => judgeStack(rule, [database, withFile("timescaledb-schema", "sql", text)]).violations;

describe(rule.name, () => {
  it("accepts the book's days, in any unit", () => {
    expect(judged(sql(good))).toEqual([]);
  });

  it.each<[string, string, string]>([
    ["a day less", sql({ ...good, metrics: "89 days" }), 'table "metrics": its rows are dropped after 89 days, the book says 90'],
    ["a day more", sql({ ...good, metrics: "91 days" }), 'table "metrics": its rows are dropped after 91 days'],
    ["a length that nobody knows", sql({ ...good, metrics: "3 months" }), "dropped after NaN days"],
    [
      "a table that is kept for ever",
      sql({ metrics: good["metrics"]!, metrics_hourly: good["metrics_hourly"]! }),
      'table "trading_decisions": the SQL has 0',
    ],
    ["two policies of one table", sql(good) + sql({ metrics: "90 days" }), 'table "metrics": the SQL has 2 retention policies'],
    [
      "a table that the book keeps",
      sql({ ...good, experiments: "90 days" }),
      'table "experiments": its rows are dropped, and the book does not say so',
    ],
  ])("reports %s", (_title, text, message) => {
    expect(judged(text)).toEqual([expect.stringContaining(message)]);
  });

  it("does not apply to a stack without the database", () => {
    expect(judgeStack(rule, [withFile("timescaledb-schema", "sql", "")])).toEqual({ violations: [], notApplicable: expect.any(String) });
  });
});
