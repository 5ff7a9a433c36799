import { FaultlineError } from "../../faultline-error.ts";
import type { RealKafka, RealPostgres, RealProcess } from "../../faults/real-fault-port.ts";
import type { PostgresStore, StoreDefinition } from "../../run/system.ts";
import type { Clock } from "../../time/clock.ts";
import type { StoreAddress } from "../clients/store-address.ts";
import type { KafkaListener } from "../components/kafka-settings.ts";
import { runSql } from "../components/postgres-sql.ts";
import { kafkaAdministrator } from "./kafka-administrator.ts";
import type { ReplicationLink } from "./replication-link.ts";
import { serverProcess } from "./server-process.ts";
import type { PostgresServer, ReplicaServer, StoreServer, StoreServers } from "./store-servers.ts";
import type { ProvisionedStores, ProvisionRequest, ReplicationWay, StoreEdge } from "./substrate.ts";
import { superuser } from "./superuser.ts";

/** A replica's way to its primary, of the stores of a run. */
interface LocalReplication {
  readonly replica: string;
  readonly primary: string;
  readonly link: ReplicationLink;
}

interface LocalStore {
  readonly server: StoreServer;
  readonly address: StoreAddress;
  /** By client, where the server has a way of its own for each. */
  readonly ways?: ReadonlyMap<string, KafkaListener>;
  readonly postgres?: RealPostgres;
  readonly kafka?: RealKafka;
}

/** The stores of one run on servers of this machine, processes or containers: a database of its own in each, topics made anew. */
export class LocalStores implements ProvisionedStores {
  readonly #stores: ReadonlyMap<string, LocalStore>;
  readonly #databases: readonly { readonly server: PostgresServer; readonly database: string }[];
  readonly #replications: readonly LocalReplication[];

  private constructor(
    stores: ReadonlyMap<string, LocalStore>,
    databases: readonly { readonly server: PostgresServer; readonly database: string }[],
    replications: readonly LocalReplication[],
  ) {
    this.#stores = stores;
    this.#databases = databases;
    this.#replications = replications;
  }

  /** Starts what is missing and makes everything empty. `run` names the databases. */
  static async open(
    servers: StoreServers,
    { stores: definitions, users }: ProvisionRequest,
    run: string,
    clock: Clock,
  ): Promise<LocalStores> {
    const stores = new Map<string, LocalStore>();
    const databases: { server: PostgresServer; database: string }[] = [];
    const replications: LocalReplication[] = [];
    const numbers = new Map<StoreDefinition["kind"], number>();
    const prepared = definitions.map(async (definition) => {
      const number = numbers.get(definition.kind) ?? 0;
      numbers.set(definition.kind, number + 1);
      if (definition.kind === "postgres") {
        const made = await openPostgres(servers, definition, number, run, stores);
        databases.push({ server: made.primary, database: run });
        replications.push(...made.replications);
      } else if (definition.kind === "mongodb") {
        const server = await servers.mongodb(number);
        const url = server.url.replace(/\/[^/?]*(\?|$)/, `/${run}$1`);
        stores.set(definition.name, { server, address: { kind: "mongodb", url } });
      } else if (definition.kind === "redis") {
        const server = await servers.redis(number);
        await flushRedis(server.url);
        stores.set(definition.name, { server, address: { kind: "redis", url: server.url } });
      } else {
        const { server, listeners } = await servers.kafka();
        const kafka = kafkaAdministrator([`127.0.0.1:${server.port}`], clock);
        await kafka.reset(definition.topics);
        const ways = waysOf(definition.name, users.get(definition.name) ?? [], listeners);
        stores.set(definition.name, { server, address: { kind: "kafka", url: server.url }, ways, kafka });
      }
    });
    await Promise.all(prepared);
    return new LocalStores(stores, databases, replications);
  }

  address(store: string): StoreAddress {
    return this.#find(store).address;
  }

  edges(store: string, client: string): readonly StoreEdge[] {
    const { server, ways } = this.#find(store);
    const way = ways?.get(client);
    if (way === undefined) return [{ upstreamPort: server.port }];
    return [{ upstreamPort: way.listenPort, listenPort: way.advertisedPort }];
  }

  trouble(): null {
    return null;
  }

  replications(): readonly ReplicationWay[] {
    return this.#replications.map(({ replica, primary, link }) => ({
      ...{ replica, primary, upstreamPort: link.upstreamPort, listenPort: link.port },
      sentDown: () => link.sentDown(),
      free: () => link.free(),
    }));
  }

  process(store: string): RealProcess {
    return serverProcess(this.#find(store).server);
  }

  postgres(store: string): RealPostgres {
    const { postgres } = this.#find(store);
    if (postgres === undefined) throw notA("PostgreSQL", store);
    return postgres;
  }

  kafka(store: string): RealKafka {
    const { kafka } = this.#find(store);
    if (kafka === undefined) throw notA("Kafka", store);
    return kafka;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The edges of the run are gone: replicas go on past them, and keep up until the next run that has use for them.
    await Promise.allSettled(this.#replications.map(({ link }) => link.lead()));
    // What is left of a run must not slow the next one down; a server that is down keeps it.
    await Promise.allSettled(
      this.#databases.map(async ({ server, database }) => {
        if (server.running)
          await runSql(server.urlOf("postgres"), `DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`);
      }),
    );
  }

  #find(store: string): LocalStore {
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

async function openPostgres(
  servers: StoreServers,
  definition: PostgresStore,
  number: number,
  run: string,
  stores: Map<string, LocalStore>,
): Promise<{ readonly primary: PostgresServer; readonly replications: readonly LocalReplication[] }> {
  const primary = await servers.postgres(number);
  const replicas: { readonly name: string; readonly server: ReplicaServer }[] = [];
  // One after the other: the first start of each stops the primary.
  for (const [which, name] of (definition.replicas ?? []).entries())
    replicas.push({ name, server: await servers.replica(number, which) });
  await runSql(primary.urlOf("postgres"), `CREATE DATABASE "${run}"`);
  for (const { name, server } of [{ name: definition.name, server: primary }, ...replicas]) {
    stores.set(name, {
      server,
      address: { kind: "postgres", url: server.urlOf(run) },
      postgres: superuser(server.urlOf("postgres"), run),
    });
  }
  const replications = replicas.map(({ name, server: { link } }) => ({
    replica: name,
    primary: definition.name,
    link,
  }));
  return { primary, replications };
}

async function flushRedis(url: string): Promise<void> {
  const { createClient } = await import("redis");
  const client = createClient({ url, disableOfflineQueue: true });
  client.on("error", () => {});
  await client.connect();
  await client.flushAll();
  client.destroy();
}

/** Each client of a Kafka broker takes the next of its listeners. */
function waysOf(
  store: string,
  clients: readonly string[],
  listeners: readonly KafkaListener[],
): ReadonlyMap<string, KafkaListener> {
  const ways = new Map<string, KafkaListener>();
  for (const [position, client] of clients.entries()) {
    const listener = listeners[position];
    if (listener === undefined) {
      throw new FaultlineError(
        "usage",
        "too-many-clients",
        `${clients.length} services use the Kafka store "${store}"; the local broker has ways for ${listeners.length}.`,
      );
    }
    ways.set(client, listener);
  }
  return ways;
}

function notA(kind: string, store: string): FaultlineError {
  return new FaultlineError(
    "usage",
    "bad-plan",
    `The store "${store}" is no ${kind} store.`,
    "Correct the name in the plan or in the scenario.",
  );
}
