import { present, type PageOf } from "../page";
import { logs, stat, table, timeseries } from "../panel";
import { matching, ofServices, promql, sql } from "../query";

/** The database: connections, transactions, cache, size, and the newest rows of the platform's own tables. */
export const timescaledb: PageOf = system => {
  const { database, observability } = system;
  if (!database || present(system, database.service, observability.exporters.postgres.service).length < 2) return undefined;
  const server = matching(system, ofServices([database.service]));
  const named = matching(system, ofServices([database.service]), 'datname!~"template.*|postgres"');
  const { databaseConnections } = system.alerting.thresholds;
  const perSecond = (metric: string) => `sum by (datname) (rate(${metric}${named}[$__rate_interval]))`;
  return {
    slug: "timescaledb",
    title: "TimescaleDB",
    rows: [
      {
        title: "Server",
        panels: [
          stat("Exporter reaches the server", "bool_yes_no", promql(`min(pg_up${server})`), { alert: "ServiceDown", threshold: { critical: "< 1" } }),
          stat("Connections of max", "percentunit", promql(`sum(pg_stat_activity_count${server}) / max(pg_settings_max_connections${server})`), {
            threshold: databaseConnections,
            alert: "DatabaseConnectionsHigh",
          }),
          stat("Deadlocks in a day", "short", promql(`round(sum(increase(pg_stat_database_deadlocks${server}[1d])))`), {
            threshold: { warning: "> 0" },
          }),
          stat("Size", "bytes", promql(`sum(pg_database_size_bytes${server})`)),
          timeseries("Connections by state", "short", promql(`sum by (state) (pg_stat_activity_count${server})`, "{{state}}")),
          timeseries("Transactions", "ops", [
            promql(perSecond("pg_stat_database_xact_commit"), "commit {{datname}}"),
            promql(perSecond("pg_stat_database_xact_rollback"), "rollback {{datname}}"),
          ]),
          timeseries(
            "Reads that the buffer cache answers",
            "percentunit",
            // An idle database reads nothing: 0/0 is no value, not a bad one.
            promql(
              `${perSecond("pg_stat_database_blks_hit")} / (${perSecond("pg_stat_database_blks_hit")} + ${perSecond("pg_stat_database_blks_read")})`,
              "{{datname}}",
            ),
          ),
          timeseries("Rows written", "ops", [
            promql(perSecond("pg_stat_database_tup_inserted"), "insert {{datname}}"),
            promql(perSecond("pg_stat_database_tup_updated"), "update {{datname}}"),
            promql(perSecond("pg_stat_database_tup_deleted"), "delete {{datname}}"),
          ]),
          timeseries("Size by database", "bytes", promql(`max by (datname) (pg_database_size_bytes${named})`, "{{datname}}")),
          timeseries("Locks by mode", "short", promql(`sum by (mode) (pg_locks_count${server})`, "{{mode}}")),
        ],
      },
      {
        title: "Tables",
        panels: [
          table(
            "Hypertables",
            sql(
              "SELECT hypertable_name AS table, num_chunks AS chunks, pg_size_pretty(hypertable_size(format('%I.%I', hypertable_schema, hypertable_name)::regclass)) AS size FROM timescaledb_information.hypertables ORDER BY 1",
            ),
          ),
          table(
            "Largest tables",
            sql(
              "SELECT relname AS table, n_live_tup AS rows, n_dead_tup AS dead_rows, last_autovacuum FROM pg_stat_user_tables WHERE schemaname = 'public' ORDER BY n_live_tup DESC LIMIT 20",
            ),
          ),
        ],
      },
      { title: "Logs", panels: [logs(system, [database.service])] },
    ],
  };
};
