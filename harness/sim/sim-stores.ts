import { Kysely } from "kysely";
import { FaultlineError } from "../faultline-error.ts";
import { randomStream } from "../random/random-stream.ts";
import type { PoolLimits, StoreClients, StoreDefinition } from "../run/system.ts";
import { createSimKafka } from "./kafka/create-sim-kafka.ts";
import { KafkaServer } from "./kafka/kafka-server.ts";
import { createSimMongodb } from "./mongodb/create-sim-mongodb.ts";
import { MongodbServer } from "./mongodb/mongodb-server.ts";
import type { Network } from "./network.ts";
import { PostgresServer } from "./postgres/postgres-server.ts";
import { createSimPostgresDialect } from "./postgres/sim-postgres-dialect.ts";
import { PostgresReplica } from "./postgres-replica/postgres-replica.ts";
import { createSimRedis } from "./redis/create-sim-redis.ts";
import { RedisServer } from "./redis/redis-server.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Owner } from "./sim-event.ts";
import { virtualClock } from "./virtual-clock.ts";

/** A simulated server as faults see it. */
export interface SimStore {
  readonly name: string;
  readonly up: boolean;
  /** What it was asked and does not model: a run that has any is a harness error, not a finding. */
  readonly refusals: readonly Error[];
  crash(): void;
  restart(): void;
  /** The process is stopped: what is sent to it waits. Harmless when it is down. */
  pause(): void;
  /** The process goes on. Harmless when it is not paused. */
  resume(): void;
  /** How many messages and timers wait for the paused process; left out by a store that cannot tell. */
  readonly waitingEvents?: number;
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
/** How long clients of MongoDB and Redis wait for an answer, as the real lane sets it. */
const ANSWER_TIMEOUT_MS = 500;

/** The stores of a simulated system, each a server of its own on the network. */
export class SimStores {
  readonly #options: SimStoresOptions;
  readonly #postgres = new Map<string, PostgresServer | PostgresReplica>();
  readonly #mongodb = new Map<string, MongodbServer>();
  readonly #kafka = new Map<string, KafkaServer>();
  readonly #redis = new Map<string, RedisServer>();
  readonly #servers = new Map<string, SimStore>();

  constructor(options: SimStoresOptions) {
    this.#options = options;
    for (const definition of options.definitions) this.#add(definition);
    for (const servers of [this.#postgres, this.#mongodb, this.#kafka, this.#redis]) {
      for (const [name, server] of servers) this.#servers.set(name, server);
    }
  }

  /** Every store by its name, read replicas included. */
  get servers(): ReadonlyMap<string, SimStore> {
    return this.#servers;
  }

  /** Creates tables, indexes and topics, on behalf of nobody that faults could reach. */
  async migrate(user: StoreUser): Promise<void> {
    for (const definition of this.#options.definitions) {
      if (definition.kind === "postgres") {
        const database = this.#kysely<unknown>(definition.name, user, DEFAULT_POOL);
        await definition.migrate(database);
        await database.destroy();
      } else if (definition.kind === "mongodb") {
        await definition.migrate(this.clients(user).mongodb(definition.name));
      }
    }
  }

  /** Clients for one life of one process. Asking for a store that is not allowed throws `foreign-store`. */
  clients(user: StoreUser): StoreClients {
    return {
      postgres: <Database>(store: string, limits: Partial<PoolLimits> = {}) =>
        this.#kysely<Database>(store, user, { ...DEFAULT_POOL, ...limits }),
      mongodb: (store) => {
        const server = this.#find(this.#mongodb, store, "MongoDB", user);
        const connection = this.#connection(store, user, "documents");
        const made = createSimMongodb({ ...connection, server, timeoutMs: ANSWER_TIMEOUT_MS });
        user.onDeath(() => made.ownerDied());
        return made.database;
      },
      kafka: (store) => {
        const server = this.#find(this.#kafka, store, "Kafka", user);
        const clock = virtualClock(this.#options.scheduler);
        const made = createSimKafka({ ...this.#connection(store, user, "events"), server, clock });
        user.onDeath(() => made.ownerDied());
        return made.broker;
      },
      redis: (store) => {
        const server = this.#find(this.#redis, store, "Redis", user);
        const connection = this.#connection(store, user, "cache");
        const made = createSimRedis({ ...connection, server, timeoutMs: ANSWER_TIMEOUT_MS });
        user.onDeath(() => made.ownerDied());
        return made.client();
      },
    };
  }

  #add(definition: StoreDefinition): void {
    const { scheduler, seed } = this.#options;
    const { name } = definition;
    const random = randomStream(seed, `store ${name}`);
    if (definition.kind === "postgres") {
      const primary = new PostgresServer({ scheduler, random, name });
      this.#postgres.set(name, primary);
      for (const replica of definition.replicas ?? []) this.#addReplica(replica, primary);
    } else if (definition.kind === "mongodb") {
      this.#mongodb.set(name, new MongodbServer({ scheduler, random, name }));
    } else if (definition.kind === "kafka") {
      this.#kafka.set(name, new KafkaServer({ scheduler, random, name, topics: definition.topics }));
    } else {
      this.#redis.set(name, new RedisServer({ scheduler, random, name }));
    }
  }

  #addReplica(name: string, primary: PostgresServer): void {
    const { scheduler, network, seed } = this.#options;
    const random = randomStream(seed, `store ${name}`);
    this.#postgres.set(name, new PostgresReplica({ scheduler, network, random, name, primary }));
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
