import { type Dialect, PostgresAdapter, PostgresIntrospector } from "kysely";
import type { RandomStream } from "../../random/random-stream.ts";
import type { Network } from "../network.ts";
import type { Scheduler } from "../scheduler.ts";
import type { Owner } from "../sim-event.ts";
import type { PostgresEndpoint } from "./postgres-server.ts";
import { SimPostgresDriver } from "./sim-postgres-driver.ts";
import { SimPostgresPool } from "./sim-postgres-pool.ts";
import { createSimPostgresQueryCompiler } from "./sim-postgres-query-compiler.ts";
import type { UnsupportedByPostgresModelError } from "./unsupported-by-postgres-model-error.ts";

/** Who connects to what. */
export interface SimPostgresDialectOptions {
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly server: PostgresEndpoint;
  /** The client's node in the network. */
  readonly clientNode: string;
  /** The life of the client's process. */
  readonly owner: Owner;
  /** For races of the client's own; there are none yet. */
  readonly random: RandomStream;
  /** By default 10 connections and no timeouts, as node-postgres has it. */
  readonly pool?: {
    readonly max?: number;
    readonly connectionTimeoutMs?: number;
    readonly queryTimeoutMs?: number;
  };
}

/** A Kysely dialect for one process, and what to call when that process dies. */
export interface SimPostgresDialect {
  readonly dialect: Dialect;
  /** Closes the process's connections at the server; its promises never settle. */
  ownerDied(): void;
}

/**
 * A Kysely dialect on a PostgreSQL model: every statement is a message over the simulated network.
 * Give each life of a process its own.
 */
export function createSimPostgresDialect(options: SimPostgresDialectOptions): SimPostgresDialect {
  const { scheduler, network, server, clientNode, owner, pool: limits = {} } = options;
  const pool = new SimPostgresPool(
    { scheduler, network, server, clientNode, owner, queryTimeoutMs: limits.queryTimeoutMs ?? 0 },
    { max: limits.max ?? 10, connectionTimeoutMs: limits.connectionTimeoutMs ?? 0 },
  );
  const refused = (error: UnsupportedByPostgresModelError): void => {
    server.refusals.push(error);
  };
  const dialect: Dialect = {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new SimPostgresDriver(pool, refused),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => createSimPostgresQueryCompiler(refused),
  };
  return { dialect, ownerDied: () => pool.abandon() };
}
