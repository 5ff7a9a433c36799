import { FaultlineError } from "../../faultline-error.ts";
import type { RealKafka, RealPostgres, RealProcess } from "../../faults/real-fault-port.ts";
import type { StoreDefinition } from "../../run/system.ts";
import type { StoreAddress } from "../clients/store-address.ts";
import { runSql } from "../components/postgres-sql.ts";
import { type ExternalAddresses, type ExternalKind, placeOf } from "./external-addresses.ts";
import { cannotUse, connectRedis } from "./external-server.ts";
import type { ProvisionedStores, ProvisionRequest, StoreEdge } from "./substrate.ts";
import { superuser } from "./superuser.ts";

interface ExternalStore {
  readonly kind: ExternalKind;
  readonly url: string;
  readonly postgres?: RealPostgres;
}

/**
 * The stores of one run on servers of somebody else. What is not there yet is made under a name that nobody else has, and
 * removed afterwards: databases of PostgreSQL and MongoDB. A database of Redis must be empty, and is emptied.
 */
export class ExternalStores implements ProvisionedStores {
  readonly #stores = new Map<string, ExternalStore>();
  readonly #removals: (() => Promise<void>)[] = [];
  readonly #addresses: ExternalAddresses;

  private constructor(addresses: ExternalAddresses) {
    this.#addresses = addresses;
  }

  /** `prefix` begins the names of databases. Throws `external-unreachable`, `not-external`, `not-empty`. */
  static async open(
    addresses: ExternalAddresses,
    { stores: definitions }: ProvisionRequest,
    prefix: string,
  ): Promise<ExternalStores> {
    const stores = new ExternalStores(addresses);
    let redisNumber = 0;
    try {
      for (const definition of definitions) {
        const database = `${prefix}_${definition.name}`
          .toLowerCase()
          .replaceAll(/[^a-z0-9_]/g, "_")
          .slice(0, 63);
        if (definition.kind === "postgres") await stores.#openPostgres(definition, database);
        else if (definition.kind === "mongodb") stores.#openMongodb(definition.name, database);
        else if (definition.kind === "redis") await stores.#openRedis(definition.name, redisNumber++);
        else throw notExternal(definition.kind);
      }
    } catch (error) {
      await stores[Symbol.asyncDispose]();
      throw error;
    }
    return stores;
  }

  address(store: string): StoreAddress {
    const { kind, url } = this.#find(store);
    return { kind, url };
  }

  edge(store: string): StoreEdge {
    const { kind, url } = this.#find(store);
    const { host, port } = placeOf(kind, url);
    return { upstreamPort: port, upstreamHost: host };
  }

  replications(): readonly never[] {
    return [];
  }

  process(store: string): RealProcess {
    const refused = async (): Promise<never> => {
      throw new FaultlineError("usage", "impossible-fault", `The server of "${store}" is somebody else's.`);
    };
    this.#find(store);
    const settled = async (): Promise<void> => {};
    return {
      isUp: () => true,
      ...{ kill: refused, pause: refused, resume: settled, stopGracefully: refused, start: settled },
    };
  }

  postgres(store: string): RealPostgres {
    const { postgres } = this.#find(store);
    if (postgres !== undefined) return postgres;
    throw new FaultlineError("usage", "bad-plan", `The store "${store}" is no PostgreSQL store.`);
  }

  kafka(store: string): RealKafka {
    this.#find(store);
    throw new FaultlineError("usage", "bad-plan", `The store "${store}" is no Kafka store.`);
  }

  /** Removes what was made. What cannot be removed, since its server is gone, stays. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#removals.map((remove) => remove()));
  }

  async #openPostgres(
    definition: Extract<StoreDefinition, { kind: "postgres" }>,
    database: string,
  ): Promise<void> {
    const { postgres: address, postgresReplica } = this.#addresses;
    if (address === undefined) throw notConfigured("postgres");
    if (definition.replica !== undefined && postgresReplica === undefined)
      throw notConfigured("postgresReplica");
    try {
      await runSql(address, `CREATE DATABASE "${database}"`);
    } catch (error) {
      throw cannotUse("postgres", address, error);
    }
    this.#removals.push(async () => {
      await runSql(address, `DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`);
    });
    for (const [name, server] of [
      [definition.name, address],
      [definition.replica, postgresReplica],
    ] as const) {
      if (name === undefined || server === undefined) continue;
      this.#stores.set(name, {
        kind: "postgres",
        url: withPath(server, database),
        postgres: superuser(server, database),
      });
    }
  }

  #openMongodb(store: string, database: string): void {
    const { mongodb: address } = this.#addresses;
    if (address === undefined) throw notConfigured("mongodb");
    const url = new URL(address);
    // Users are known to the database of the address, or to that of the administrators.
    if (url.username !== "" && !url.searchParams.has("authSource")) {
      url.searchParams.set("authSource", url.pathname.slice(1) || "admin");
    }
    this.#stores.set(store, { kind: "mongodb", url: withPath(url.href, database) });
    this.#removals.push(async () => {
      const { MongoClient } = await import("mongodb");
      const client = new MongoClient(address);
      try {
        await client.db(database).dropDatabase();
      } finally {
        await client.close();
      }
    });
  }

  async #openRedis(store: string, number: number): Promise<void> {
    const { redis: address } = this.#addresses;
    if (address === undefined) throw notConfigured("redis");
    const database = Number(new URL(address).pathname.slice(1) || "0") + number;
    const url = withPath(address, String(database));
    let keys: number;
    try {
      await using redis = await connectRedis(url);
      keys = await redis.client.dbSize();
    } catch (error) {
      throw cannotUse("redis", address, error);
    }
    if (keys > 0) throw notEmpty(database, keys);
    this.#stores.set(store, { kind: "redis", url });
    this.#removals.push(async () => {
      await using redis = await connectRedis(url);
      await redis.client.flushDb();
    });
  }

  #find(store: string): ExternalStore {
    const found = this.#stores.get(store);
    if (found !== undefined) return found;
    throw new FaultlineError(
      "usage",
      "bad-plan",
      `There is no store "${store}" in this system. There are: ${[...this.#stores.keys()].join(", ")}.`,
      "Correct the name in the plan or in the scenario.",
    );
  }
}

/** A kind of store that cannot be somebody else's. */
export function notExternal(kind: string): FaultlineError {
  return new FaultlineError(
    "usage",
    "not-external",
    `The external substrate has no ${kind}: a broker tells its clients addresses of its own, which would lead them past the proxies.`,
    "Take `--substrate local`, or scenarios whose systems need PostgreSQL, MongoDB and Redis only.",
  );
}

/** A server that the run needs, and that the configuration does not name. */
export function notConfigured(name: keyof ExternalAddresses): FaultlineError {
  return new FaultlineError(
    "usage",
    "external-address-missing",
    `The external substrate needs \`external.${name}\`, which the configuration does not name.`,
    "Name its URL in faultline.config.ts, for example: external: { postgres: process.env.POSTGRES_URL }",
  );
}

function notEmpty(database: number, keys: number): FaultlineError {
  return new FaultlineError(
    "harness",
    "not-empty",
    `Database ${database} of the external Redis has ${keys} keys, which a run would remove.`,
    "Name an empty one in `external.redis`, such as redis://host:6379/9.",
  );
}

function withPath(address: string, path: string): string {
  const url = new URL(address);
  url.pathname = `/${path}`;
  return url.href;
}
