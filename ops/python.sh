#!/bin/sh
# Prints the folder of a virtual environment with the pinned libraries of a Python program, made on first use and outside the checkout.
# Usage: python.sh FOLDER    its requirements.txt and requirements-dev.txt, from the checkout's root
set -eu
cd "$(dirname "$0")/.."

program=$1
requirements=$program/requirements-dev.txt
key=$(cat "$program/requirements.txt" "$requirements" | sha256sum | cut -c1-16)
venv=${XDG_CACHE_HOME:-$HOME/.cache}/ultrathink/python/$key

if [ ! -f "$venv/complete" ]; then
  echo "Making a virtual environment for the tests of $program/" >&2
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
