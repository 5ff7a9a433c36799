import type { Kysely } from "kysely";
import type { Json } from "../../checkers/history/operation.ts";
import type { Clock } from "../time/clock.ts";
import type { DocumentDatabase, EventBroker, RedisClient } from "./store-clients.ts";

/** `fetch` as the system hands it out: the host of the URL is the name of a service. */
export type ServiceFetch = (url: string, init?: RequestInit) => Promise<Response>;

/** How many connections a service may have, and how long it waits for one and for an answer. */
export interface PoolLimits {
  readonly max: number;
  readonly connectionTimeoutMs: number;
  readonly queryTimeoutMs: number;
}

/** Clients of stores by the name of the store. They connect when they are used. */
export interface StoreClients {
  /** A pool on a PostgreSQL store, or on the read replica of one. */
  postgres<Database>(store: string, limits?: Partial<PoolLimits>): Kysely<Database>;
  /** A database of a MongoDB store. */
  mongodb(store: string): DocumentDatabase;
  /** A client of a Kafka store, as `new Kafka(…)` is one. */
  kafka(store: string): EventBroker;
  /** A client of a Redis store, not connected yet, as `createClient(…)` gives it. */
  redis(store: string): RedisClient;
}

/** What a service is given when it starts. It reaches nothing of the world but through this. */
export interface ServiceContext extends StoreClients {
  readonly name: string;
  readonly clock: Clock;
  /** Ids in the form of a version 4 UUID; drawn from the plan's seed in the sim lane. */
  readonly newId: () => string;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly fetch: ServiceFetch;
  /**
   * Writes a line of the type `record` into the history, at once and whatever becomes of the service
   * afterwards: what it saw or did, such as a message that it consumed.
   */
  record(f: string, key: string, value: Json): void;
}

/** A started service: whatever answers HTTP requests, such as a Hono application. */
export interface HttpService {
  fetch(request: Request): Response | Promise<Response>;
  /**
   * Stops it gracefully: finishes what it began, closes its clients. Not called when the process is
   * killed.
   */
  stop?(): Promise<void>;
}

/** A service: one process with an HTTP interface. `start` runs at every start, also after a crash. */
export interface ServiceDefinition {
  readonly name: string;
  /** Names of stores, read replicas included. */
  readonly stores: readonly string[];
  /** Names of the services that it calls: its edges in the real lane. Absent: none. */
  readonly calls?: readonly string[];
  start(context: ServiceContext): HttpService | Promise<HttpService>;
}

/** A PostgreSQL server of its own. `migrate` runs once, before any service starts. */
export interface PostgresStore {
  readonly name: string;
  readonly kind: "postgres";
  /** Names of its read replicas: streaming standbys, each a store of its own to services and faults. */
  readonly replicas?: readonly string[];
  migrate(database: Kysely<unknown>): Promise<void>;
}

/** A MongoDB database. `migrate` creates the indexes. */
export interface MongodbStore {
  readonly name: string;
  readonly kind: "mongodb";
  migrate(database: DocumentDatabase): Promise<void>;
}

/** A Kafka broker with its topics. */
export interface KafkaStore {
  readonly name: string;
  readonly kind: "kafka";
  readonly topics: readonly { readonly name: string; readonly partitions: number }[];
}

/** A Redis server. */
export interface RedisStore {
  readonly name: string;
  readonly kind: "redis";
}

/** A store of a system. */
export type StoreDefinition = PostgresStore | MongodbStore | KafkaStore | RedisStore;

/** The services and stores of one form of a system, independent of the lane. */
export interface SystemDefinition {
  readonly stores: readonly StoreDefinition[];
  readonly services: readonly ServiceDefinition[];
}
