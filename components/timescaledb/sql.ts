import { seconds, type DatabaseDeclaration, type TableRetention } from "../../systems/declaration";

const interval = (duration: TableRetention["chunk"]) => `INTERVAL '${seconds(duration)} seconds'`;

/** Where a role's generated password lies in the job's container. */
export const passwordFile = (role: string) => `/run/secrets/postgres-${role}`;

/** Roles and their databases. Passwords come from files by psql's backticks, so this text holds none; they are set on every run. */
function roles(database: DatabaseDeclaration): string {
  const grants: Record<DatabaseDeclaration["roles"][number]["privileges"], (role: string) => string[]> = {
    owner: () => [],
    "read-write": role => [
      `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role};`,
      `GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO ${role};`,
      `ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${role};`,
    ],
    "read-only": role => [
      `GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role};`,
      `ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO ${role};`,
    ],
    monitor: role => [`GRANT pg_monitor TO ${role};`],
    maintain: role => [`GRANT pg_maintain TO ${role};`],
  };
  return database.roles
    .flatMap(({ name, database: owned, privileges }) => [
      `\\set password \`cat ${passwordFile(name)}\``,
      `SELECT 'CREATE ROLE ${name} LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${name}') \\gexec`,
      `ALTER ROLE ${name} PASSWORD :'password';`,
      ...(owned
        ? [`SELECT 'CREATE DATABASE ${owned} OWNER ${name}' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '${owned}') \\gexec`]
        : []),
      ...grants[privileges](name),
      "",
    ])
    .join("\n");
}

function hypertables(retention: TableRetention[]): string {
  return retention
    .map(
      ({ table, chunk }) =>
        `SELECT create_hypertable('${table}', by_range('timestamp', ${interval(chunk)}), if_not_exists => TRUE, migrate_data => TRUE);`,
    )
    .join("\n");
}

/** Compression, roll-ups and retention: TimescaleDB's community edition only. */
function policies(retention: TableRetention[]): string {
  return retention
    .flatMap(({ table, compressAfter, dropAfter, hourlyRollup }) => [
      `ALTER TABLE ${table} SET (timescaledb.compress, timescaledb.compress_orderby = '"timestamp" DESC');`,
      `SELECT add_compression_policy('${table}', ${interval(compressAfter)}, if_not_exists => TRUE);`,
      `SELECT add_retention_policy('${table}', ${interval(dropAfter)}, if_not_exists => TRUE);`,
      ...(hourlyRollup
        ? [
            `CREATE MATERIALIZED VIEW IF NOT EXISTS ${table}_hourly WITH (timescaledb.continuous) AS`,
            `  SELECT time_bucket(INTERVAL '1 hour', "timestamp") AS bucket, experiment_id, metric_name,`,
            `         avg(value) AS average, min(value) AS minimum, max(value) AS maximum, count(*) AS samples`,
            `  FROM ${table} GROUP BY bucket, experiment_id, metric_name WITH NO DATA;`,
            `SELECT add_continuous_aggregate_policy('${table}_hourly', start_offset => INTERVAL '3 days', end_offset => INTERVAL '1 hour', schedule_interval => INTERVAL '1 hour', if_not_exists => TRUE);`,
            `SELECT add_retention_policy('${table}_hourly', ${interval(hourlyRollup.dropAfter)}, if_not_exists => TRUE);`,
          ]
        : []),
    ])
    .join("\n");
}

/**
 * Everything that the database holds beside data: tables, hypertables, policies, roles. Each statement can be run again, so the job that
 * runs it brings an older database up to date and sets the current passwords.
 */
export function databaseSql(database: DatabaseDeclaration, schema: string): string {
  const timescale = database.engine === "timescaledb";
  return [
    "\\set ON_ERROR_STOP on",
    "-- Statements with passwords are kept out of pg_stat_statements and of the server's log.",
    "SET pg_stat_statements.track = 'none';",
    "SET log_min_error_statement = 'panic';",
    schema.trim(),
    "",
    ...(timescale
      ? [
          hypertables(database.retention),
          "",
          "SELECT current_setting('timescaledb.license') = 'timescale' AS community \\gset",
          "\\if :community",
          policies(database.retention),
          "\\else",
          "\\echo 'Apache edition of TimescaleDB: no compression, roll-ups or retention policies'",
          "\\endif",
          "",
        ]
      : []),
    roles(database),
  ].join("\n");
}
