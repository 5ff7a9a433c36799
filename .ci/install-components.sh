#!/usr/bin/env bash
# Gets the servers of the real lane on a bare Debian machine: packages by apt (as root), the rest by `faultline setup`.
# Every step is bounded in time, and one that fails is told and passed over. The exit code is that of `faultline setup`.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

packages=()
command -v redis-server >/dev/null || command -v valkey-server >/dev/null || packages+=(redis-server)
command -v java >/dev/null && command -v javac >/dev/null || packages+=(openjdk-17-jdk-headless)
command -v mvn >/dev/null || packages+=(maven)
compgen -G "/usr/lib/*/faketime/libfaketime.so.1" >/dev/null || packages+=(libfaketime)

if [ "${#packages[@]}" -gt 0 ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing ${packages[*]}."
  export DEBIAN_FRONTEND=noninteractive
  timeout 120 apt-get update -qq >/dev/null 2>&1 || echo "apt-get update failed: the old list is used."
  # Debian starts a Redis of its own at once otherwise; the harness starts its own.
  policy=/usr/sbin/policy-rc.d
  added=0
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy" && added=1
  fi
  for package in "${packages[@]}"; do
    timeout 300 apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1 ||
      echo "$package could not be installed."
  done
  [ "$added" = 1 ] && rm -f "$policy"
fi

exec timeout 900 node cli/faultline.mjs setup
