import type { Kysely } from "kysely";
import { FaultlineError } from "../../faultline-error.ts";
import type { EventBroker } from "../../run/store-clients.ts";
import type { PoolLimits, StoreClients } from "../../run/system.ts";
import { createRealKafka, type KafkaPackage } from "./real-kafka.ts";
import { createRealMongodb, type MongoClientConstructor, type RealMongodb } from "./real-mongodb.ts";
import { createRealPostgres, type PoolConstructor } from "./real-postgres.ts";
import { type CreateRedisClient, createRealRedis } from "./real-redis.ts";
import type { StoreAddress } from "./store-address.ts";

/** Clients of real stores, until they are closed. */
export interface OpenStoreClients extends AsyncDisposable {
  readonly clients: StoreClients;
}

const DEFAULT_POOL: PoolLimits = { max: 8, connectionTimeoutMs: 1000, queryTimeoutMs: 1000 };

/** The packages that the addresses need; nothing else is loaded. */
interface Packages {
  readonly PgPool: PoolConstructor | null;
  readonly MongoClient: MongoClientConstructor | null;
  readonly kafkajs: KafkaPackage | null;
  readonly createRedisClient: CreateRedisClient | null;
}

/** Loads the clients that the addresses need. `clientId` is the name under which they introduce themselves. */
export async function openStoreClients(
  addresses: ReadonlyMap<string, StoreAddress>,
  clientId: string,
): Promise<OpenStoreClients> {
  const packages = await loadPackages(new Set([...addresses.values()].map(({ kind }) => kind)));
  const databases: Kysely<unknown>[] = [];
  const documents = new Map<string, RealMongodb>();
  const brokers = new Map<string, EventBroker>();
  const find = (store: string, kind: StoreAddress["kind"]): string => findUrl(addresses, store, kind);
  const clients: StoreClients = {
    postgres: <Database>(store: string, limits: Partial<PoolLimits> = {}) => {
      const url = find(store, "postgres");
      const allLimits = { ...DEFAULT_POOL, ...limits };
      const database = createRealPostgres<Database>(loaded(packages.PgPool), url, allLimits, clientId);
      databases.push(database as unknown as Kysely<unknown>);
      return database;
    },
    mongodb: (store) => {
      const url = find(store, "mongodb");
      const open = documents.get(store) ?? createRealMongodb(loaded(packages.MongoClient), url);
      documents.set(store, open);
      return open.database;
    },
    kafka: (store) => {
      const url = find(store, "kafka");
      const broker = brokers.get(store) ?? createRealKafka(loaded(packages.kafkajs), url, clientId);
      brokers.set(store, broker);
      return broker;
    },
    redis: (store) => createRealRedis(loaded(packages.createRedisClient), find(store, "redis")),
  };
  return {
    clients,
    [Symbol.asyncDispose]: async () => {
      await Promise.allSettled([
        ...databases.map((database) => database.destroy()),
        ...[...documents.values()].map((open) => open.close()),
      ]);
    },
  };
}

async function loadPackages(kinds: ReadonlySet<StoreAddress["kind"]>): Promise<Packages> {
  return {
    PgPool: kinds.has("postgres") ? (await import("pg")).default.Pool : null,
    MongoClient: kinds.has("mongodb") ? (await import("mongodb")).MongoClient : null,
    kafkajs: kinds.has("kafka") ? (await import("kafkajs")).default : null,
    createRedisClient: kinds.has("redis") ? (await import("redis")).createClient : null,
  };
}

function loaded<Package>(value: Package | null): Package {
  if (value === null) throw new TypeError("the package of a store that has an address is loaded");
  return value;
}

function findUrl(addresses: ReadonlyMap<string, StoreAddress>, store: string, kind: string): string {
  const address = addresses.get(store);
  if (address?.kind === kind) return address.url;
  const why = address === undefined ? "has no address here" : `is a ${address.kind} store`;
  const known = [...addresses.keys()].join(", ") || "none";
  throw new FaultlineError(
    "usage",
    "no-such-store",
    `A ${kind} store "${store}" was asked for, which ${why}. There are: ${known}.`,
    "Add it to the stores of the service's definition, or set its address in the environment.",
  );
}
