#!/bin/sh
# Prints the folder of a virtual environment with the reference workload's pinned libraries, made on first use and outside the checkout.
set -eu
cd "$(dirname "$0")/.."

requirements=workloads/requirements-dev.txt
key=$(cat workloads/requirements.txt "$requirements" | sha256sum | cut -c1-16)
venv=${XDG_CACHE_HOME:-$HOME/.cache}/ultrathink/python/$key

if [ ! -f "$venv/complete" ]; then
  echo "Making a virtual environment for the workload's tests" >&2
  # What an interrupted run left is made anew.
  rm -rf "$venv"
  if ! python3 -m venv "$venv" >/dev/null 2>&1; then
    if [ ! -f /etc/debian_version ] || [ "$(id -u)" != 0 ]; then
      echo "Python 3.11 or newer with its venv module is missing (Debian and Ubuntu: apt-get install python3-venv, as root)" >&2
      exit 4
    fi
    echo "Python's venv module is missing: installing Debian's python3-venv" >&2
    apt-get update -qq >&2
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv >&2
    python3 -m venv --clear "$venv"
  fi
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$requirements" >&2
  touch "$venv/complete"
fi
echo "$venv"
