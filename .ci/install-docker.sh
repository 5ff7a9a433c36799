#!/usr/bin/env bash
# install-docker.sh FOLDER DEADLINE: a container engine and the images of the docker substrate, for one run.
# FOLDER is empty and temporary, DEADLINE the second (of `date +%s`) at which all must be over. An engine that
# answers is used; otherwise Debian's is installed and started with everything that it keeps below FOLDER.
# Images are pulled, or made of Debian packages where no registry answers; Kafka and the MongoDB protocol stand-in
# then come from the cache that `faultline setup` fills. Afterwards FOLDER has `environment` (to be sourced; it says in
# kafka_left_out and mongodb_left_out why there is none) and `faultline.config.mjs`. Where this is impossible the last
# line on stdout says why; exit code 3.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=$1
deadline=$2

give_up() {
  echo "$1"
  exit 3
}

# within SECONDS COMMAND...: bounded by these seconds and by the deadline.
within() {
  local seconds=$1 left=$((deadline - $(date +%s)))
  shift
  [ "$left" -gt 1 ] || return 124
  timeout "$((seconds < left ? seconds : left))" "$@"
}

last_line_of() {
  grep -v '^$' "$1" 2>/dev/null | tail -n 1 | cut -c 1-300
}

install_packages() {
  [ "$(id -u)" = 0 ] || give_up "no container engine answers, and only root can install one"
  command -v apt-get >/dev/null || give_up "no container engine answers, and there is no apt-get to install one"
  export DEBIAN_FRONTEND=noninteractive
  within 60 apt-get update -qq >"$folder/apt.log" 2>&1 || echo "apt-get update failed: the old list is used."
  local packages=("$@") policy=/usr/sbin/policy-rc.d added=0 code=0
  # Newer releases have the client in a package of its own.
  case " $* " in *" docker.io "*) apt-cache show docker-cli >/dev/null 2>&1 && packages+=(docker-cli) ;; esac
  # Debian starts an engine of its own at once otherwise.
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy" && added=1
  fi
  within 90 apt-get install -y -qq --no-install-recommends "${packages[@]}" >>"$folder/apt.log" 2>&1 || code=$?
  [ "$added" = 1 ] && rm -f "$policy"
  [ "$code" = 0 ] || give_up "${packages[*]} could not be installed: $(last_line_of "$folder/apt.log")"
}

# Containers share the network of this machine: the engine needs no bridge and no rules of a firewall.
start_engine() {
  command -v dockerd >/dev/null || install_packages docker.io
  export DOCKER_HOST="unix://$folder/docker.sock"
  nohup dockerd --host "$DOCKER_HOST" --data-root "$folder/data" --exec-root "$folder/exec" \
    --pidfile "$folder/dockerd.pid" --bridge none --iptables=false >"$folder/dockerd.log" 2>&1 </dev/null &
  local engine=$!
  until within 5 docker info >/dev/null 2>&1; do
    kill -0 "$engine" 2>/dev/null || give_up "dockerd ended: $(last_line_of "$folder/dockerd.log")"
    [ "$(date +%s)" -lt "$deadline" ] || give_up "dockerd did not answer in time: $(last_line_of "$folder/dockerd.log")"
    sleep 0.2
  done
}

# The first pull is the probe whether a registry answers. Kafka and MongoDB are large: without them there is still a run.
pull_images() {
  local seconds=15 kind image
  while read -r kind image; do
    if ! within "$seconds" docker pull -q "$image" >>"$folder/pull.log" 2>&1; then
      case "$kind" in
        kafka | mongodb) declare -g "${kind}_left_out=$image could not be pulled: $(last_line_of "$folder/pull.log")" ;;
        *) return 1 ;;
      esac
    fi
    seconds=60
  done < <(node -e 'import("./harness/real/substrate/docker-images.ts").then(({ defaultDockerImages: images }) =>
    console.log(Object.entries(images).map((entry) => entry.join(" ")).join("\n")))')
  echo "export default {};" >"$folder/faultline.config.mjs"
}

# The folders in which `faultline setup` keeps Kafka and the stand-in.
cached_folders() {
  node -e 'Promise.all([
    import("./harness/real/components/kafka.component.ts"),
    import("./harness/real/components/mongodb.component.ts"),
    import("./harness/real/components/component-environment.ts"),
  ]).then(([{ kafkaFolder }, { standInFolder }, { componentEnvironment }]) => {
    const { cacheFolder, configured } = componentEnvironment(process.env);
    console.log(`${configured.kafka ?? `${cacheFolder}/${kafkaFolder}`}\n${cacheFolder}/${standInFolder}`);
  })'
}

# What the entries of the official images do, as far as it is needed.
write_entry() {
  cat >"$1" <<'ENTRY'
#!/bin/sh
set -e
if [ "$1" = postgres ]; then
  if [ "$(id -u)" = 0 ]; then
    mkdir -p "$PGDATA" && chown -R postgres:postgres "$PGDATA" && chmod 700 "$PGDATA"
    exec setpriv --reuid=postgres --regid=postgres --clear-groups -- "$0" "$@"
  fi
  [ -s "$PGDATA/PG_VERSION" ] ||
    initdb --pgdata="$PGDATA" --username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync
fi
# No MongoDB: the stand-in, under the command that starts MongoDB. It says what it is when it is asked.
if [ "$1" = mongod ]; then
  while [ "$#" -gt 0 ] && [ "$1" != --port ]; do shift; done
  exec java -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '/opt/mongodb-stand-in/libs/*' \
    StandInServer /data/store.mv "$2"
fi
exec "$@"
ENTRY
  chmod 755 "$1"
}

# PostgreSQL, Redis and Java of this release of Debian: unpacked, not installed, which takes a third of the time.
build_stores() {
  command -v mmdebstrap >/dev/null || install_packages mmdebstrap
  local root="$folder/root" codename programs java="" cached
  mapfile -t cached < <(cached_folders)
  if compgen -G "${cached[0]}/libs/kafka_*.jar" >/dev/null; then
    java=,default-jre-headless
  else
    kafka_left_out="Kafka is not in ${cached[0]}; \`faultline setup\` gets it"
  fi
  if [ -e "${cached[1]}/libs/stand-in.jar" ]; then
    java=,default-jre-headless
  else
    mongodb_left_out="the MongoDB protocol stand-in is not in ${cached[1]}; \`faultline setup\` makes it"
  fi
  # shellcheck source=/dev/null
  codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
  within 120 mmdebstrap --variant=extract --aptopt='APT::Install-Recommends "false"' \
    --include="redis-server,postgresql,dash,coreutils,util-linux,libc-bin,base-files$java" \
    "$codename" "$root" >"$folder/mmdebstrap.log" 2>&1 ||
    give_up "packages for the image could not be had: $(last_line_of "$folder/mmdebstrap.log")"
  programs=$(cd "$root" && echo usr/lib/postgresql/*/bin)
  [ -z "$kafka_left_out" ] && copy_jars "${cached[0]}" "$root/opt/kafka"
  [ -z "$mongodb_left_out" ] && copy_jars "${cached[1]}" "$root/opt/mongodb-stand-in"
  write_entry "$root/entry"
  printf 'root:x:0:0::/root:/bin/sh\npostgres:x:999:999::/tmp:/bin/sh\n' >"$root/etc/passwd"
  printf 'root:x:0:\npostgres:x:999:\n' >"$root/etc/group"
  mkdir -p "$root/data" "$root/run/postgresql" "$root/var/run/postgresql"
  chmod 1777 "$root/tmp" "$root/run/postgresql" "$root/var/run/postgresql"
  # libLLVM is for compiled queries only, Perl for Debian's own wrappers.
  tar -C "$root" -c --exclude='./usr/share/doc/*' --exclude='./usr/share/man/*' --exclude='./usr/share/locale/*' \
    --exclude='./usr/share/perl*' --exclude='./usr/lib/*/perl*' --exclude='*libLLVM*' --exclude='./var/cache/*' . |
    within 60 docker import --change "ENV PATH=/$programs:/usr/lib/jvm/default-java/bin:/usr/sbin:/usr/bin:/sbin:/bin" \
      --change 'ENV PGDATA=/var/lib/postgresql/data' --change 'WORKDIR /data' --change 'ENTRYPOINT ["/entry"]' \
      - faultline-ci-stores:debian >"$folder/import.log" 2>&1 ||
    give_up "the image of the stores could not be made: $(last_line_of "$folder/import.log")"
  rm -rf "$root"
}

copy_jars() {
  mkdir -p "$2" && cp -r "$1/libs" "$2/libs"
}

is_static() {
  [ -x "$1" ] && ! ldd "$1" >/dev/null 2>&1
}

# An image of one file: Toxiproxy as it is here, or compiled without what would need a system's libraries.
build_toxiproxy() {
  local root="$folder/toxiproxy" found
  mkdir -p "$root"
  found=$(node -e 'Promise.all([
    import("./harness/real/components/toxiproxy.component.ts"),
    import("./harness/real/components/component-environment.ts"),
  ]).then(async ([{ findToxiproxy }, { componentEnvironment }]) =>
    console.log((await findToxiproxy(componentEnvironment(process.env))).path ?? ""))')
  if is_static "$found"; then
    cp "$found" "$root/toxiproxy"
  elif command -v go >/dev/null; then
    CGO_ENABLED=0 GOBIN="$root" within 90 go install github.com/Shopify/toxiproxy/v2/cmd/server@v2.12.0 \
      >"$folder/go.log" 2>&1 || give_up "Toxiproxy could not be compiled: $(last_line_of "$folder/go.log")"
    mv "$root/server" "$root/toxiproxy"
  else
    give_up "there is neither a static Toxiproxy nor Go to compile one"
  fi
  tar -C "$root" -c toxiproxy |
    within 30 docker import --change 'ENTRYPOINT ["/toxiproxy"]' - faultline-ci-toxiproxy:local >"$folder/import.log" 2>&1 ||
    give_up "the image of Toxiproxy could not be made: $(last_line_of "$folder/import.log")"
}

if command -v docker >/dev/null && within 10 docker info >/dev/null 2>&1; then
  echo "An engine answers: it is used."
else
  start_engine
  echo "An engine was started: $(docker version --format '{{.Server.Version}}'), after $SECONDS s."
fi
# Only with an engine of our own: else DOCKER_HOST stays what it was.
# In a container testcontainers asks the bridge, which is not there, for the address of the machine.
touch "$folder/environment"
[ -e "$folder/dockerd.pid" ] &&
  echo "export DOCKER_HOST=$DOCKER_HOST TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1" >"$folder/environment"

kafka_left_out=""
mongodb_left_out=""
if pull_images; then
  echo "The pinned images were pulled, after $SECONDS s."
else
  echo "No registry gives the pinned images ($(last_line_of "$folder/pull.log")): they are made here."
  kafka_left_out=""
  mongodb_left_out=""
  build_toxiproxy
  build_stores
  # One image serves them all. A kind that is not in it keeps its pinned image, which is not here.
  {
    echo 'export default { docker: { images: {'
    echo '  toxiproxy: "faultline-ci-toxiproxy:local",'
    echo '  postgres: "faultline-ci-stores:debian",'
    echo '  redis: "faultline-ci-stores:debian",'
    [ -n "$kafka_left_out" ] || echo '  kafka: "faultline-ci-stores:debian",'
    [ -n "$mongodb_left_out" ] || echo '  mongodb: "faultline-ci-stores:debian",'
    echo '} } };'
  } >"$folder/faultline.config.mjs"
  echo "Images were made, after $SECONDS s."
fi
printf 'kafka_left_out=%q\nmongodb_left_out=%q\n' "$kafka_left_out" "$mongodb_left_out" >>"$folder/environment"
