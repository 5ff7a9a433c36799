#!/usr/bin/env bash
# Scenarios of the real lane on containers, and the tests of the docker substrate, in about five minutes.
# What cannot be had, or has no time left, is told as `docker substrate: <what>: left out: <why>`; where there can be
# no engine or no images that is everything, and the exit code is 0.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
PATH="$PWD/node_modules/.bin:$PATH"
export PATH
deadline=$(($(date +%s) + 300))
folder=$(mktemp -d /tmp/faultline-docker-XXXXXX)

stop() {
  local pid tries=0
  if [ ! -e "$folder/dockerd.pid" ]; then
    # An engine of somebody else: what was made is taken away again.
    [ -e "$folder/toxiproxy" ] && docker image rm faultline-ci-stores:debian faultline-ci-toxiproxy:local >/dev/null 2>&1
  else
    pid=$(cat "$folder/dockerd.pid")
    kill "$pid" 2>/dev/null
    while kill -0 "$pid" 2>/dev/null && [ "$((tries += 1))" -le 50 ]; do sleep 0.2; done
    kill -9 "$pid" "$(cat "$folder/exec/containerd/containerd.pid" 2>/dev/null)" 2>/dev/null
  fi
  awk -v folder="$folder/" 'index($2, folder) == 1 { print $2 }' /proc/mounts 2>/dev/null | sort -r |
    while read -r mount; do umount -l "$mount"; done
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT TERM

left_out() {
  echo "docker substrate: left out: $1"
  exit 0
}

# scenario NAME FORM RUNS WHY: runs one form; WHY is empty, or the reason why there is no server for it.
# An anomaly is what is expected of any form but the hardened one.
scenario() {
  local seconds=$((deadline - $(date +%s))) what="$1, $2" out=.faultline/docker/$1.${2/:/-} code expected=0
  if [ -n "$4" ]; then
    echo "docker substrate: $what: left out: $4."
    return
  fi
  if [ "$seconds" -lt 40 ]; then
    echo "docker substrate: $what: left out: there is no time for it, after $SECONDS s."
    return
  fi
  timeout "$seconds" node cli/faultline.mjs run "$1" --lane real --substrate docker --form "$2" --seed 1 --runs "$3" \
    --config "$folder/faultline.config.mjs" --out "$out"
  code=$?
  [ "$2" = hardened ] || expected=1
  if [ "$code" != "$expected" ]; then
    [ "$code" != 0 ] || code=1
    echo "docker substrate: $what ended with code $code."
    exit "$code"
  fi
  echo "docker substrate: $what: as expected on containers, after $SECONDS s."
}

.ci/install-docker.sh "$folder" "$deadline" | tee "$folder/install.log"
code=${PIPESTATUS[0]}
if [ "$code" != 0 ]; then left_out "$(tail -n 1 "$folder/install.log")"; fi
kafka_left_out=""
mongodb_left_out=""
# shellcheck source=/dev/null
. "$folder/environment"

seconds=$((deadline - $(date +%s)))
if [ "$seconds" -lt 60 ]; then left_out "the engine and its images were ready too late, after $SECONDS s"; fi
rm -rf .faultline/docker
scenario own-writes-are-read hardened 1 ""
scenario committed-events-are-delivered hardened 1 "$kafka_left_out"
scenario committed-events-are-delivered defect:poison-message-blocks 4 "$kafka_left_out"
scenario product-stock-is-conserved hardened 1 "$mongodb_left_out"

seconds=$((deadline - $(date +%s)))
if [ "$seconds" -lt 45 ]; then
  echo "docker substrate: its tests: left out: there is no time for them, after $SECONDS s."
  exit 0
fi
FAULTLINE_TEST_CONFIG="$folder/faultline.config.mjs" timeout "$seconds" vitest run --project default test/integration/docker
code=$?
if [ "$code" != 0 ]; then echo "docker substrate: its tests ended with code $code."; fi
exit "$code"
