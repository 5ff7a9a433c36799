import type { ComponentKind, FoundComponent } from "../components/component.ts";
import { startKafka } from "../components/kafka.component.ts";
import type { KafkaListener } from "../components/kafka-settings.ts";
import { startMongodb } from "../components/mongodb.component.ts";
import { type RunningPostgres, startPostgres } from "../components/postgres.component.ts";
import { type RunningPostgresReplica, startPostgresReplica } from "../components/postgres-replica.ts";
import { startRedis } from "../components/redis.component.ts";
import type { RunningServer } from "../components/running-server.ts";
import type { ServerSite } from "../components/server-site.ts";
import { kafkaWays } from "./kafka-ways.ts";
import { ReplicationLink } from "./replication-link.ts";
import { revived } from "./revived.ts";
import type { KafkaWithWays, ReplicaServer, StoreServers } from "./store-servers.ts";
import type { UnaskedDeath } from "./substrate.ts";

/** Where servers are started, and with what. */
export interface LocalServersOptions {
  readonly components: ReadonlyMap<ComponentKind, FoundComponent>;
  readonly site: Omit<ServerSite, "name">;
  readonly cacheFolder: string;
}

type LocalReplica = RunningPostgresReplica & ReplicaServer;

/**
 * The servers of the local substrate. Each is started when it is first needed and then serves every run;
 * the number tells servers of one kind apart, so that each store of a system has a server of its own.
 */
export class LocalServers implements StoreServers, AsyncDisposable {
  readonly #options: LocalServersOptions;
  readonly #postgres = new Map<number, RunningPostgres>();
  readonly #replicas = new Map<string, LocalReplica>();
  readonly #others = new Map<string, RunningServer>();
  #kafkaListeners: readonly KafkaListener[] = [];
  readonly #deaths: UnaskedDeath[] = [];

  constructor(options: LocalServersOptions) {
    this.#options = options;
  }

  /** The first death for a reason of its own since the last call, or null. */
  takeDeath(): UnaskedDeath | null {
    return this.#deaths.splice(0)[0] ?? null;
  }

  async postgres(number: number): Promise<RunningPostgres> {
    const known = this.#postgres.get(number);
    if (known !== undefined) return await revived(known);
    const { cacheFolder } = this.#options;
    const started = await startPostgres(this.#component("postgres"), this.#site(`postgres-${number}`), {
      cacheFolder,
    });
    this.#postgres.set(number, this.#watched(started));
    return started;
  }

  /** A standby of that primary. Its first start stops the primary for a moment. */
  async replica(number: number, which: number): Promise<LocalReplica> {
    const name = `postgres-${number}-replica-${which}`;
    const known = this.#replicas.get(name);
    if (known !== undefined) return await revived(known);
    const primary = await this.postgres(number);
    const site = this.#site(name);
    const link = await ReplicationLink.open(await site.ports.next(), primary.port, site.clock.sleep);
    try {
      const how = { primaryPort: link.port };
      const started = await startPostgresReplica(this.#component("postgres"), primary, site, how);
      const replica = Object.assign(this.#watched(started), { link });
      this.#replicas.set(name, replica);
      return replica;
    } catch (error) {
      await link[Symbol.asyncDispose]();
      throw error;
    }
  }

  async mongodb(number: number): Promise<RunningServer> {
    return await this.#other(`mongodb-${number}`, (site) => startMongodb(this.#component("mongodb"), site));
  }

  async redis(number: number): Promise<RunningServer> {
    return await this.#other(`redis-${number}`, (site) => startRedis(this.#component("redis"), site));
  }

  async kafka(): Promise<KafkaWithWays> {
    const server = await this.#other("kafka", async (site) => {
      const listeners = await kafkaWays(this.#options.site.ports);
      this.#kafkaListeners = listeners;
      return await startKafka(this.#component("kafka"), site, { listeners });
    });
    return { server, listeners: this.#kafkaListeners };
  }

  /** Kills every server: its data are temporary. */
  async [Symbol.asyncDispose](): Promise<void> {
    const servers = [...this.#postgres.values(), ...this.#replicas.values(), ...this.#others.values()];
    await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
    await Promise.all([...this.#replicas.values()].map(({ link }) => link[Symbol.asyncDispose]()));
  }

  async #other(name: string, start: (site: ServerSite) => Promise<RunningServer>): Promise<RunningServer> {
    const known = this.#others.get(name);
    if (known !== undefined) return await revived(known);
    const started = this.#watched(await start(this.#site(name)));
    this.#others.set(name, started);
    return started;
  }

  #site(name: string): ServerSite {
    return { ...this.#options.site, name };
  }

  #watched<Server extends RunningServer>(server: Server): Server {
    void server.died.then(({ message }) => {
      this.#deaths.push({ name: server.name, why: message });
    });
    return server;
  }

  #component(kind: ComponentKind): FoundComponent {
    const component = this.#options.components.get(kind);
    if (component === undefined) throw new TypeError(`the component "${kind}" was looked for before`);
    return component;
  }
}
