import { Kysely } from "kysely";
import { FaultlineError } from "../faultline-error.ts";
import { randomStream } from "../random/random-stream.ts";
import type { PoolLimits, StoreClients, StoreDefinition } from "../run/system.ts";
import type { Network } from "./network.ts";
import { PostgresServer } from "./postgres/postgres-server.ts";
import { createSimPostgresDialect } from "./postgres/sim-postgres-dialect.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Owner } from "./sim-event.ts";

/** A simulated server as faults see it. */
export interface SimStore {
  readonly name: string;
  readonly up: boolean;
  /** What it was asked and does not model: a run that has any is a harness error, not a finding. */
  readonly refusals: readonly Error[];
  crash(): void;
  restart(): void;
}

/** The world that stores live in. */
export interface SimStoresOptions {
  readonly scheduler: Scheduler;
  readonly network: Network;
  /** Seeds the stores' own races. */
  readonly seed: number;
  readonly definitions: readonly StoreDefinition[];
}

/** Who asks for clients of stores. */
export interface StoreUser {
  /** Its node in the network. */
  readonly node: string;
  /** One life of its process. */
  readonly owner: Owner;
  /** Registers what must happen when that life ends. */
  readonly onDeath: (callback: () => void) => void;
  /** The stores that it may use; null: every one. */
  readonly allowed: readonly string[] | null;
}

const DEFAULT_POOL: PoolLimits = { max: 8, connectionTimeoutMs: 1000, queryTimeoutMs: 1000 };

/** The stores of a simulated system, each a server of its own on the network. */
export class SimStores {
  readonly #options: SimStoresOptions;
  readonly #postgres = new Map<string, PostgresServer>();

  constructor(options: SimStoresOptions) {
    this.#options = options;
    for (const definition of options.definitions) this.#add(definition);
  }

  /** Every store by its name, read replicas included. */
  get servers(): ReadonlyMap<string, SimStore> {
    return this.#postgres;
  }

  /** Creates tables, indexes and topics, on behalf of nobody that faults could reach. */
  async migrate(user: StoreUser): Promise<void> {
    for (const definition of this.#options.definitions) {
      if (definition.kind === "postgres") {
        const database = this.#kysely<unknown>(definition.name, user, DEFAULT_POOL);
        await definition.migrate(database);
        await database.destroy();
      }
    }
  }

  /** Clients for one life of one process. Asking for a store that is not allowed throws `foreign-store`. */
  clients(user: StoreUser): StoreClients {
    return {
      postgres: <Database>(store: string, limits: Partial<PoolLimits> = {}) =>
        this.#kysely<Database>(store, user, { ...DEFAULT_POOL, ...limits }),
    } as StoreClients;
  }

  #add(definition: StoreDefinition): void {
    const { scheduler, seed } = this.#options;
    const { name } = definition;
    const random = randomStream(seed, `store ${name}`);
    if (definition.kind === "postgres") {
      this.#postgres.set(name, new PostgresServer({ scheduler, random, name }));
    }
  }

  #kysely<Database>(store: string, user: StoreUser, pool: PoolLimits): Kysely<Database> {
    const server = this.#find(this.#postgres, store, "PostgreSQL", user);
    const { dialect, ownerDied } = createSimPostgresDialect({
      ...this.#connection(store, user, "pool"),
      server,
      pool,
    });
    user.onDeath(ownerDied);
    return new Kysely<Database>({ dialect });
  }

  #connection(store: string, { node, owner }: StoreUser, what: string) {
    const { scheduler, network, seed } = this.#options;
    const random = randomStream(seed, `${what} ${node} ${store}`);
    return { scheduler, network, clientNode: node, owner, random };
  }

  #find<Server>(servers: ReadonlyMap<string, Server>, store: string, kind: string, user: StoreUser): Server {
    const { node, allowed } = user;
    if (allowed !== null && !allowed.includes(store)) throw foreignStore(node, store, allowed);
    const server = servers.get(store);
    if (server !== undefined) return server;
    throw new FaultlineError(
      "usage",
      "no-such-store",
      `"${node}" asked for the ${kind} store "${store}"; there are: ${[...servers.keys()].join(", ") || "none"}.`,
      "Add it to the stores of the system, or correct the name.",
    );
  }
}

function foreignStore(node: string, store: string, allowed: readonly string[]): FaultlineError {
  return new FaultlineError(
    "harness",
    "foreign-store",
    `The service "${node}" asked for the store "${store}"; its definition names: ${allowed.join(", ") || "none"}.`,
    "A service reads its own stores only; add the store to the definition if it is its own.",
  );
}
