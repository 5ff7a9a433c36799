import { FaultlineError } from "../../faultline-error.ts";
import type { RealKafka, RealPostgres, RealProcess } from "../../faults/real-fault-port.ts";
import type { StoreDefinition } from "../../run/system.ts";
import type { Clock } from "../../time/clock.ts";
import type { StoreAddress } from "../clients/store-address.ts";
import { runSql } from "../components/postgres-sql.ts";
import type { ServerSite } from "../components/server-site.ts";
import { connectRedis } from "./connect-redis.ts";
import { type ExternalAddresses, type ExternalKind, placeOf } from "./external-addresses.ts";
import { ExternalKafka } from "./external-kafka.ts";
import { cannotUse } from "./external-server.ts";
import { MadeThings } from "./made-things.ts";
import type { ProvisionedStores, ProvisionRequest, StoreEdge } from "./substrate.ts";
import { superuser } from "./superuser.ts";

type ExternalStore =
  | {
      readonly kind: Exclude<ExternalKind, "kafka">;
      readonly url: string;
      readonly postgres?: RealPostgres;
    }
  | { readonly kind: "kafka"; readonly url: string; readonly bus: ExternalKafka };

/** Whose time it is, and who removes what is left. */
export type ExternalSite = Pick<ServerSite, "clock" | "reaper">;

/**
 * The stores of one run on servers of somebody else. Databases of PostgreSQL and MongoDB are made under a name that nobody
 * else has, and removed afterwards. A database of Redis must be empty, and is emptied; topics and groups of Kafka must
 * not be there, and are removed.
 */
export class ExternalStores implements ProvisionedStores {
  readonly #stores = new Map<string, ExternalStore>();
  readonly #made: MadeThings;
  readonly #addresses: ExternalAddresses;

  private constructor(addresses: ExternalAddresses, { clock, reaper }: ExternalSite) {
    this.#addresses = addresses;
    this.#made = new MadeThings(clock, reaper);
  }

  /** `prefix` begins the names of databases. Throws `external-unreachable`, `external-address-missing`, `not-empty`. */
  static async open(
    addresses: ExternalAddresses,
    { stores: definitions }: ProvisionRequest,
    prefix: string,
    site: ExternalSite,
  ): Promise<ExternalStores> {
    const stores = new ExternalStores(addresses, site);
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
        else await stores.#openKafka(definition, site.clock);
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

  edges(name: string): readonly StoreEdge[] {
    const store = this.#find(name);
    if (store.kind === "kafka") return store.bus.edges();
    const { host, port } = placeOf(store.kind, store.url);
    return [{ upstreamPort: port, upstreamHost: host }];
  }

  trouble(): FaultlineError | null {
    for (const store of this.#stores.values()) {
      if (store.kind === "kafka" && store.bus.trouble !== null) return store.bus.trouble;
    }
    return null;
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

  postgres(name: string): RealPostgres {
    const store = this.#find(name);
    if (store.kind === "postgres" && store.postgres !== undefined) return store.postgres;
    throw new FaultlineError("usage", "bad-plan", `The store "${name}" is no PostgreSQL store.`);
  }

  kafka(name: string): RealKafka {
    const store = this.#find(name);
    if (store.kind === "kafka") return store.bus.kafka;
    throw new FaultlineError("usage", "bad-plan", `The store "${name}" is no Kafka store.`);
  }

  /** Removes what was made. What cannot be removed, since its server is gone, stays. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const store of this.#stores.values())
      if (store.kind === "kafka") await store.bus[Symbol.asyncDispose]();
    await this.#made[Symbol.asyncDispose]();
  }

  async #openPostgres(
    definition: Extract<StoreDefinition, { kind: "postgres" }>,
    database: string,
  ): Promise<void> {
    const { postgres: address, postgresReplica } = this.#addresses;
    if (address === undefined) throw notConfigured("postgres");
    const { name: primary, replicas = [] } = definition;
    if (replicas.length > 0 && postgresReplica === undefined) throw notConfigured("postgresReplica");
    this.#made.add({ kind: "postgres", url: address, database });
    try {
      await runSql(address, `CREATE DATABASE "${database}"`);
    } catch (error) {
      throw cannotUse("postgres", address, error);
    }
    // Only one address is configured: all replicas of a store are the server there.
    for (const [name, server] of [
      [primary, address] as const,
      ...replicas.map((replica) => [replica, postgresReplica] as const),
    ]) {
      if (server === undefined) continue;
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
    this.#made.add({ kind: "mongodb", url: address, database });
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
    this.#made.add({ kind: "redis", url });
  }

  async #openKafka(
    { name, topics }: Extract<StoreDefinition, { kind: "kafka" }>,
    clock: Clock,
  ): Promise<void> {
    const { kafka: address } = this.#addresses;
    if (address === undefined) throw notConfigured("kafka");
    const bus = await ExternalKafka.open({ address, topics, made: this.#made, clock });
    this.#stores.set(name, { kind: "kafka", url: bus.url, bus });
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

/** A server that the run needs, and that the configuration does not name. */
export function notConfigured(name: keyof ExternalAddresses): FaultlineError {
  return new FaultlineError(
    "usage",
    "external-address-missing",
    `The external substrate needs \`external.${name}\`, which the configuration does not name.`,
    "Name its address in faultline.config.ts, for example: external: { postgres: process.env.POSTGRES_URL }",
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
