#!/usr/bin/env bash
# One scenario of the real lane on containers, and the tests of the docker substrate, in at most four minutes.
# Where there can be no engine or no images it says `docker substrate: left out: <why>`; the exit code is 0 then.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
PATH="$PWD/node_modules/.bin:$PATH"
export PATH
deadline=$(($(date +%s) + 225))
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

.ci/install-docker.sh "$folder" "$deadline" | tee "$folder/install.log"
code=${PIPESTATUS[0]}
if [ "$code" != 0 ]; then left_out "$(tail -n 1 "$folder/install.log")"; fi
# shellcheck source=/dev/null
. "$folder/environment"

seconds=$((deadline - $(date +%s)))
if [ "$seconds" -lt 60 ]; then left_out "the engine and its images were ready too late, after $SECONDS s"; fi
rm -rf .faultline/docker
timeout "$seconds" node cli/faultline.mjs run own-writes-are-read --lane real --substrate docker --form hardened \
  --seed 1 --runs 1 --config "$folder/faultline.config.mjs" --out .faultline/docker
code=$?
if [ "$code" != 0 ]; then
  echo "docker substrate: own-writes-are-read ended with code $code."
  exit "$code"
fi
echo "docker substrate: own-writes-are-read is valid on containers, after $SECONDS s."

seconds=$((deadline - $(date +%s)))
if [ "$seconds" -lt 45 ]; then
  echo "docker substrate: its tests are left out: there is no time for them."
  exit 0
fi
FAULTLINE_TEST_CONFIG="$folder/faultline.config.mjs" timeout "$seconds" vitest run --project default test/integration/docker
code=$?
if [ "$code" != 0 ]; then echo "docker substrate: its tests ended with code $code."; fi
exit "$code"
