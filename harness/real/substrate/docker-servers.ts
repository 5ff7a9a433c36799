import type { ComponentKind } from "../components/component.ts";
import type { KafkaListener } from "../components/kafka-settings.ts";
import type { ServerSite } from "../components/server-site.ts";
import type { ContainerEngine } from "./container-engine.ts";
import {
  type ContainerLaunch,
  mongodbLaunch,
  postgresLaunch,
  redisLaunch,
  standbyLaunch,
  toxiproxyLaunch,
  urlOf,
} from "./container-launch.ts";
import { ContainerServer } from "./container-server.ts";
import type { DockerImages } from "./docker-images.ts";
import { kafkaLaunch } from "./kafka-launch.ts";
import { kafkaWays } from "./kafka-ways.ts";
import { ReplicationLink } from "./replication-link.ts";
import { revived } from "./revived.ts";
import type {
  KafkaWithWays,
  PostgresServer,
  ReplicaServer,
  StoreServer,
  StoreServers,
} from "./store-servers.ts";
import type { UnaskedDeath } from "./substrate.ts";

/** Where containers are started, and from what. */
export interface DockerServersOptions {
  readonly engine: ContainerEngine;
  readonly images: DockerImages;
  /** What every container bears. */
  readonly label: string;
  readonly site: Omit<ServerSite, "name" | "dataFolder">;
}

/** The containers of the docker substrate. Each is started when it is first needed and then serves every run. */
export class DockerServers implements StoreServers, AsyncDisposable {
  readonly #options: DockerServersOptions;
  readonly #servers = new Map<string, ContainerServer>();
  readonly #links = new Map<string, ReplicationLink>();
  readonly #deaths: UnaskedDeath[] = [];
  #kafkaListeners: readonly KafkaListener[] = [];

  constructor(options: DockerServersOptions) {
    this.#options = options;
  }

  /** The first death for a reason of its own since the last call, or null. */
  takeDeath(): UnaskedDeath | null {
    return this.#deaths.splice(0)[0] ?? null;
  }

  async toxiproxy(): Promise<StoreServer> {
    return await this.#server("toxiproxy", "toxiproxy", toxiproxyLaunch);
  }

  async postgres(number: number): Promise<PostgresServer> {
    return withDatabases(await this.#server("postgres", `postgres-${number}`, postgresLaunch));
  }

  async replica(number: number, which: number): Promise<ReplicaServer> {
    const name = `postgres-${number}-replica-${which}`;
    const primary = await this.postgres(number);
    const { ports, clock } = this.#options.site;
    const known = this.#links.get(name);
    const link = known ?? (await ReplicationLink.open(await ports.next(), primary.port, clock.sleep));
    this.#links.set(name, link);
    const launch = (port: number): ContainerLaunch => standbyLaunch(port, link.port);
    const server = await this.#server("postgres", name, launch);
    return Object.assign(withDatabases(server), { link });
  }

  async redis(number: number): Promise<StoreServer> {
    return await this.#server("redis", `redis-${number}`, redisLaunch);
  }

  async mongodb(number: number): Promise<StoreServer> {
    return await this.#server("mongodb", `mongodb-${number}`, mongodbLaunch);
  }

  async kafka(): Promise<KafkaWithWays> {
    const { ports } = this.#options.site;
    const server = await this.#server("kafka", "kafka", async (port) => {
      this.#kafkaListeners = await kafkaWays(ports);
      return kafkaLaunch(port, await ports.next(), this.#kafkaListeners);
    });
    return { server, listeners: this.#kafkaListeners };
  }

  /** Removes every container with its data. */
  async [Symbol.asyncDispose](): Promise<void> {
    const all = [...this.#servers.values(), ...this.#links.values()];
    await Promise.all(all.map((one) => one[Symbol.asyncDispose]()));
  }

  async #server(
    kind: ComponentKind,
    name: string,
    launch: (port: number) => ContainerLaunch | Promise<ContainerLaunch>,
  ): Promise<ContainerServer> {
    const known = this.#servers.get(name);
    if (known !== undefined) return await revived(known);
    const { engine, images, label, site } = this.#options;
    const port = await site.ports.next();
    const started = await ContainerServer.start({
      ...{ engine, label, port, image: images[kind], launch: await launch(port) },
      site: { ...site, name },
      onDeath: (why) => this.#deaths.push({ name, why }),
    });
    this.#servers.set(name, started);
    return started;
  }
}

function withDatabases(server: ContainerServer): PostgresServer {
  return Object.assign(server, { urlOf: (database: string) => urlOf(server.port, database) });
}
