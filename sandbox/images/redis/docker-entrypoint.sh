#!/bin/sh
# Starts redis-server for options and configuration files, anything else as it is; never as root.
set -e

case "$1" in
  -* | *.conf) set -- redis-server "$@" ;;
esac

if [ "$1" = redis-server ] && [ "$(id -u)" = 0 ]; then
  find . ! -user redis -exec chown redis:redis {} +
  exec setpriv --reuid=redis --regid=redis --clear-groups -- "$0" "$@"
fi

# What Redis writes is for its own user only, unless somebody chose otherwise.
[ "$(umask)" = 0022 ] && umask 0077
exec "$@"
