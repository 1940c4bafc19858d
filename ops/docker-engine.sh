#!/bin/sh
# Makes Docker Engine answer where that is ours to do: on Debian, as root. A running one is used as it is and never restarted.
set -eu

say() { echo "$*" >&2; }
answers() { command -v docker >/dev/null && docker version >/dev/null 2>&1; }

answers && exit 0

if [ -n "${DOCKER_HOST:-}" ]; then
  say "Docker at DOCKER_HOST=$DOCKER_HOST does not answer: start it there, or unset DOCKER_HOST"
  exit 4
fi

if ! command -v dockerd >/dev/null; then
  if [ ! -f /etc/debian_version ] || [ "$(id -u)" != 0 ]; then
    say "Docker Engine is missing. Install version 20.10 or newer (Debian and Ubuntu: apt-get install docker.io, as root), then run this again"
    exit 4
  fi
  say "Docker Engine is missing: installing Debian's docker.io"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends docker.io docker-cli iptables ca-certificates >/dev/null 2>&1 ||
    apt-get install -y -qq --no-install-recommends docker.io iptables ca-certificates >/dev/null
fi

# Debian's package starts the service where there is a service manager; give it the time that it needs to answer.
wait_for_docker() {
  tries=0
  until answers; do
    tries=$((tries + 1))
    [ "$tries" -lt "$1" ] || return 1
    sleep 1
  done
}

if pidof dockerd >/dev/null 2>&1; then
  wait_for_docker 30 && exit 0
  say "dockerd runs but does not answer: see its log, and check that this user may use /var/run/docker.sock"
  exit 4
fi

if [ "$(id -u)" != 0 ]; then
  say "Docker Engine does not run: start it (systemctl start docker), or let this user use it (group docker)"
  exit 4
fi

if [ -d /run/systemd/system ]; then
  say "Starting Docker Engine (systemctl start docker)"
  systemctl start docker
else
  log=/var/log/dockerd.log
  say "Starting Docker Engine (dockerd, log in $log)"
  # A session of its own: it outlives this command and the terminal.
  setsid dockerd >>"$log" 2>&1 </dev/null &
fi
wait_for_docker 60 || {
  say "Docker Engine did not answer within 60 s; the end of ${log:-its journal}:"
  [ -z "${log:-}" ] || tail -n 20 "$log" >&2
  exit 4
}
