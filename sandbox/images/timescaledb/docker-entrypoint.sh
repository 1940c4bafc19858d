#!/bin/bash
# Makes the database on an empty volume, then runs the server. Environment, as in the official image:
#   POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE   the superuser's password, required
#   POSTGRES_USER         superuser (postgres)
#   POSTGRES_DB           first database (named as the user)
#   POSTGRES_INITDB_ARGS  options for initdb
#   POSTGRES_HOST_AUTH_METHOD  how TCP connections authenticate (the server's password_encryption)
# Scripts in /docker-entrypoint-initdb.d run once, in order: *.sh, *.sql, *.sql.gz.
set -euo pipefail

initialise() {
  local password=${POSTGRES_PASSWORD-}
  if [ -n "${POSTGRES_PASSWORD_FILE-}" ]; then
    [ -z "$password" ] || { echo "POSTGRES_PASSWORD and POSTGRES_PASSWORD_FILE exclude each other" >&2; exit 1; }
    password=$(< "$POSTGRES_PASSWORD_FILE")
  fi
  if [ -z "$password" ] && [ "${POSTGRES_HOST_AUTH_METHOD-}" != trust ]; then
    echo "the database is not initialised and has no password: set POSTGRES_PASSWORD_FILE to a file that holds one" >&2
    exit 1
  fi

  local options=()
  # The options come as one string, quoted as for a shell.
  eval "options=(${POSTGRES_INITDB_ARGS-})"
  initdb --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "$password") "${options[@]}"

  local method=${POSTGRES_HOST_AUTH_METHOD-$(postgres -C password_encryption "$@")}
  printf '\nhost all all all %s\n' "$method" >> "$PGDATA/pg_hba.conf"

  # Over the socket only: nobody gets in before everything is in place.
  export PGPASSWORD=$password
  pg_ctl --wait start --options "$(printf '%q ' "$@" -c listen_addresses=)"
  local psql=(psql --no-psqlrc -v ON_ERROR_STOP=1 --username "$POSTGRES_USER")
  [ "$POSTGRES_DB" = postgres ] || printf 'CREATE DATABASE :"name"\n' | "${psql[@]}" --dbname postgres --set name="$POSTGRES_DB"
  for file in /docker-entrypoint-initdb.d/*; do
    echo "running $file"
    case $file in
      *.sh) if [ -x "$file" ]; then "$file"; else . "$file"; fi ;;
      *.sql) "${psql[@]}" --dbname "$POSTGRES_DB" --file "$file" ;;
      *.sql.gz) gunzip -c "$file" | "${psql[@]}" --dbname "$POSTGRES_DB" ;;
      *) echo "ignoring $file" ;;
    esac
  done
  pg_ctl --wait --mode fast stop
  unset PGPASSWORD
  echo "the database is initialised"
}

[ "${1:0:1}" != - ] || set -- postgres "$@"

if [ "$1" = postgres ]; then
  export POSTGRES_USER=${POSTGRES_USER:-postgres}
  export POSTGRES_DB=${POSTGRES_DB:-$POSTGRES_USER}
  mkdir -p "$PGDATA"
  chmod 0700 "$PGDATA"
  [ -s "$PGDATA/PG_VERSION" ] || initialise "${@:2}"
fi
exec "$@"
