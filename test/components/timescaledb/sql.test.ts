import { databaseSql } from "../../../components/timescaledb/sql";
import { ultrathink } from "../../../systems/ultrathink";

const sql = databaseSql(ultrathink.database!, "CREATE TABLE IF NOT EXISTS t ();");

test("both hypertables get their chunks, retention and roll-up from the declaration", () => {
  expect(sql).toContain("create_hypertable('metrics', by_range('timestamp', INTERVAL '86400 seconds')");
  expect(sql).toContain(`add_retention_policy('metrics', INTERVAL '${90 * 86_400} seconds'`);
  expect(sql).toContain(`add_retention_policy('metrics_hourly', INTERVAL '${365 * 86_400} seconds'`);
  expect(sql).toContain(`add_retention_policy('trading_decisions', INTERVAL '${365 * 86_400} seconds'`);
});

test("what the Apache edition refuses, and only that, is guarded by the licence", () => {
  const guarded = sql.slice(sql.indexOf("\\if :community"), sql.indexOf("\\else"));
  const open = sql.replace(guarded, "");
  for (const call of ["add_compression_policy", "add_retention_policy", "timescaledb.continuous"]) {
    expect(guarded).toContain(call);
    expect(open).not.toContain(call);
  }
  expect(open).toContain("create_hypertable");
});

test("passwords are read from files when the job runs, and kept out of statistics and log", () => {
  for (const { name } of ultrathink.database!.roles) {
    expect(sql).toContain(`\\set password \`cat /run/secrets/postgres-${name}\``);
    expect(sql).toContain(`ALTER ROLE ${name} PASSWORD :'password';`);
  }
  expect(sql.indexOf("pg_stat_statements.track = 'none'")).toBeLessThan(sql.indexOf("PASSWORD"));
  expect(sql.indexOf("log_min_error_statement = 'panic'")).toBeLessThan(sql.indexOf("PASSWORD"));
});

test("plain PostgreSQL gets neither hypertables nor policies", () => {
  const plain = databaseSql({ ...ultrathink.database!, engine: "postgresql" }, "");
  expect(plain).not.toMatch(/hypertable|timescaledb/);
});

test("a role owns its own database and no other", () => {
  expect(sql.match(/CREATE DATABASE \w+ OWNER \w+/g)).toEqual(["CREATE DATABASE mlflow_tracking OWNER mlflow_tracking"]);
});
