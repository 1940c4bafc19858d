#!/bin/bash
# As in the official image: the extension is in the first databases and in every one created later.
set -euo pipefail

[ -z "${TIMESCALEDB_TELEMETRY-}" ] || echo "timescaledb.telemetry_level = $TIMESCALEDB_TELEMETRY" >> "$PGDATA/postgresql.conf"

for database in template1 postgres "$POSTGRES_DB"; do
  psql --quiet -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$database" \
    --command 'SET client_min_messages = warning; CREATE EXTENSION IF NOT EXISTS timescaledb CASCADE'
done
