import { askPort } from "../components/ask-port.ts";
import { mongodbAnswers, mongodbUrl } from "../components/mongodb.component.ts";
import { postgresSettings } from "../components/postgres.component.ts";
import { runSql } from "../components/postgres-sql.ts";

/** How a container is started, and how one sees that its server is ready. */
export interface ContainerLaunch {
  readonly url: string;
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** In the place of the image's own. */
  readonly entrypoint?: readonly string[];
  readonly user?: string;
  /** What asks it to stop in order. */
  readonly stopSignal: "SIGTERM" | "SIGINT";
  isReady(): Promise<boolean>;
}

const STANDBY_DATA = "/tmp/standby";

/** Copies the primary once, then follows it; also after a crash. */
const STANDBY = [
  `test -s ${STANDBY_DATA}/PG_VERSION ||`,
  `pg_basebackup --pgdata=${STANDBY_DATA} --write-recovery-conf --checkpoint=fast --no-sync --dbname="$FAULTLINE_PRIMARY" || exit 1;`,
  `exec postgres "$@"`,
].join(" ");

/** Toxiproxy, its interface on a loopback port. */
export function toxiproxyLaunch(port: number): ContainerLaunch {
  return {
    url: `http://127.0.0.1:${port}`,
    command: ["-host", "127.0.0.1", "-port", String(port), "-proxy-metrics"],
    stopSignal: "SIGTERM",
    isReady: async () => {
      const answer = await askPort(port, "GET /version HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
      return answer.startsWith("HTTP/1.1 200");
    },
  };
}

/** Redis with the settings of the local substrate: every write is in its file before it is acknowledged. */
export function redisLaunch(port: number): ContainerLaunch {
  const settings = `--port ${port} --bind 127.0.0.1 --appendonly yes --appendfsync no --auto-aof-rewrite-percentage 0`;
  return {
    url: `redis://127.0.0.1:${port}/0`,
    command: ["redis-server", "--save", "", ...settings.split(" ")],
    stopSignal: "SIGTERM",
    isReady: async () => (await askPort(port, "PING\r\n")).startsWith("+PONG"),
  };
}

/** MongoDB, or what stands in for it, on one node. */
export function mongodbLaunch(port: number): ContainerLaunch {
  return {
    url: mongodbUrl(port),
    command: ["mongod", "--port", String(port), "--bind_ip", "127.0.0.1", "--nounixsocket"],
    stopSignal: "SIGTERM",
    isReady: () => mongodbAnswers(port),
  };
}

/** PostgreSQL with the settings of the local substrate; anybody on this machine may connect. */
export function postgresLaunch(port: number): ContainerLaunch {
  return {
    url: urlOf(port, "postgres"),
    command: ["postgres", ...postgresArguments(port)],
    environment: {
      POSTGRES_HOST_AUTH_METHOD: "trust",
      POSTGRES_INITDB_ARGS: "--encoding=UTF8 --locale=C.UTF-8",
    },
    stopSignal: "SIGINT",
    isReady: () => answers(port),
  };
}

/** A standby that finds its primary on a loopback port. */
export function standbyLaunch(port: number, primaryPort: number): ContainerLaunch {
  return {
    url: urlOf(port, "postgres"),
    entrypoint: ["sh"],
    command: [
      "-c",
      STANDBY,
      "standby",
      ...postgresArguments(port),
      "-c",
      "wal_retrieve_retry_interval=100ms",
    ],
    environment: {
      PGDATA: STANDBY_DATA,
      FAULTLINE_PRIMARY: `host=127.0.0.1 port=${primaryPort} user=postgres application_name=standby`,
    },
    user: "postgres",
    stopSignal: "SIGINT",
    isReady: () => answers(port),
  };
}

/** The URL of a database of the PostgreSQL server on a loopback port. */
export function urlOf(port: number, database: string): string {
  return `postgres://postgres@127.0.0.1:${port}/${database}`;
}

function postgresArguments(port: number): string[] {
  // The entry of the official image uses the socket folder; what is mapped by "mmap" would be copied along.
  const { unix_socket_directories: _, dynamic_shared_memory_type: __, ...settings } = postgresSettings;
  return [
    "-p",
    String(port),
    ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ];
}

/** Takes it connections? Asked by TCP: while the official image makes its databases it has a socket only. */
async function answers(port: number): Promise<boolean> {
  try {
    await runSql(urlOf(port, "postgres"), "SELECT 1");
    return true;
  } catch {
    return false;
  }
}
