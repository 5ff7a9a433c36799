import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { FaultlineError } from "../../faultline-error.ts";
import type { RealProcess } from "../../faults/real-fault-port.ts";
import { storeNames } from "../../run/store-names.ts";
import type { ServiceDefinition, SystemDefinition } from "../../run/system.ts";
import type { Clock } from "../../time/clock.ts";
import type { StoreAddress } from "../clients/store-address.ts";
import { throughPort } from "../clients/through-port.ts";
import type { EdgeNetwork } from "../network/edge-network.ts";
import type { EdgeProtocol } from "../network/message-rule.ts";
import type { PortSource } from "../processes/port-source.ts";
import type { Reaper } from "../processes/reaper.ts";
import { writeServiceEnvironment } from "../services/service-environment.ts";
import { ServiceProcess } from "../services/service-process.ts";
import type { ProvisionedStores, UnaskedDeath } from "../substrate/substrate.ts";
import { untilReplicasFollow } from "./until-replicas-follow.ts";

/** How the process of a service is started: it hosts that service of that form of that scenario. */
export interface ServiceCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What a running system of the real lane is made of. */
export interface RealSystemOptions {
  readonly system: SystemDefinition;
  readonly stores: ProvisionedStores;
  readonly network: EdgeNetwork;
  readonly clientNodes: readonly string[];
  readonly serviceCommand: (service: string) => ServiceCommand;
  /** Logs and records of the services go there. */
  readonly folder: string;
  readonly clock: Clock;
  /** The reading of the monotonic clock that counts as 0 in records. */
  readonly startNs: bigint;
  readonly reaper: Reaper;
  readonly ports: PortSource;
  /** Services are started under it, so that faults can change their clocks; null: they are not. */
  readonly libfaketime: string | null;
}

/**
 * The services of a run as processes, with an edge of its own from each client to each server, and from each replica
 * to its primary.
 */
export class RealSystem implements AsyncDisposable {
  readonly #options: RealSystemOptions;
  readonly #services = new Map<string, ServiceProcess>();
  readonly #ports = new Map<string, number>();

  constructor(options: RealSystemOptions) {
    this.#options = options;
  }

  /** Makes the edges, then starts every service; settles when all of them listen. */
  async boot(): Promise<void> {
    const { system, ports } = this.#options;
    for (const { name } of system.services) this.#ports.set(name, await ports.next());
    for (const definition of system.services) {
      this.#services.set(definition.name, await this.#prepare(definition));
    }
    for (const client of this.#options.clientNodes) {
      for (const { name } of system.services) await this.#open(client, name, "http");
    }
    await this.#openReplications();
    await Promise.all([...this.#services.values()].map((service) => service.start()));
  }

  /** What each service's name means to a node that calls it: the edge, or the service itself for the harness. */
  addresses(node: string | null): ReadonlyMap<string, string> {
    const { network } = this.#options;
    const addresses = new Map<string, string>();
    for (const [service, port] of this.#ports) {
      const [edge] = node === null ? [] : network.edges(node, service);
      if (node === null || edge !== undefined)
        addresses.set(service, `http://127.0.0.1:${edge?.listenPort ?? port}`);
    }
    return addresses;
  }

  /** The file that a service's records are in. */
  recordsPath(service: string): string {
    return join(this.#options.folder, `${service}.records.ndjson`);
  }

  /** The file that a service's clock is read from, or null. */
  clockFile(service: string): string | null {
    const { folder, libfaketime } = this.#options;
    return libfaketime === null ? null : join(folder, `${service}.clock`);
  }

  /** Names that a plan may use: those of clients, services and stores. */
  get nodes(): readonly string[] {
    const { clientNodes, system } = this.#options;
    return [...clientNodes, ...system.services.map(({ name }) => name), ...storeNames(system)];
  }

  /** The process of a service or a store. Throws `bad-plan` where there is none. */
  process(name: string): RealProcess {
    const service = this.#services.get(name);
    if (service !== undefined) return service;
    const known = storeNames(this.#options.system);
    if (known.includes(name)) return this.#options.stores.process(name);
    throw new FaultlineError(
      "usage",
      "bad-plan",
      `There is no process "${name}" in this system. There are: ${[...this.#services.keys(), ...known].join(", ")}.`,
      "Correct the name in the plan or in the scenario.",
    );
  }

  /** The first service that died for a reason of its own, or null. */
  unaskedDeath(): UnaskedDeath | null {
    for (const { unaskedDeath } of this.#services.values()) if (unaskedDeath !== null) return unaskedDeath;
    return null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#services.values()].map((service) => service.kill()));
  }

  async #prepare(definition: ServiceDefinition): Promise<ServiceProcess> {
    const { serviceCommand, folder, clock, reaper, startNs } = this.#options;
    const { name, stores, calls = [] } = definition;
    const addresses = new Map<string, StoreAddress>();
    for (const store of stores) addresses.set(store, await this.#storeEdge(name, store));
    const services = new Map<string, string>();
    for (const callee of calls) {
      services.set(callee, `http://127.0.0.1:${await this.#open(name, callee, "http")}`);
    }
    const port = this.#port(name);
    const { command, args, env } = serviceCommand(name);
    const recordsPath = this.recordsPath(name);
    const environment = writeServiceEnvironment({ port, stores: addresses, services, recordsPath, startNs });
    return new ServiceProcess({
      name,
      command,
      args,
      cwd: folder,
      env: { ...env, ...environment, ...this.#clockEnvironment(name) },
      logPath: join(folder, `${name}.log`),
      port,
      clock,
      reaper,
    });
  }

  /** Leads each replica to its primary over an edge, and waits until it follows there. */
  async #openReplications(): Promise<void> {
    const { stores, network, clock } = this.#options;
    for (const way of stores.replications()) {
      const { replica, primary, upstreamPort, listenPort, sentDown } = way;
      await way.free();
      await network.open(replica, primary, upstreamPort, { listenPort, sentDown });
    }
    await untilReplicasFollow(stores, clock);
  }

  #clockEnvironment(service: string): Record<string, string> {
    const { libfaketime } = this.#options;
    const file = this.clockFile(service);
    if (libfaketime === null || file === null) return {};
    writeFileSync(file, "+0\n");
    return {
      LD_PRELOAD: libfaketime,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
    };
  }

  async #storeEdge(service: string, store: string): Promise<StoreAddress> {
    const { stores, network } = this.#options;
    const address = stores.address(store);
    const protocol = address.kind === "postgres" ? "postgres" : "opaque";
    let given: StoreAddress | null = null;
    for (const { upstreamPort, opened, ...how } of stores.edges(store, service)) {
      const edge = await network.open(service, store, upstreamPort, { protocol, ...how });
      opened?.(edge.listenPort);
      given ??= throughPort(address, edge.listenPort);
    }
    if (given === null) throw new TypeError(`there is a way to the store "${store}"`);
    return given;
  }

  async #open(from: string, to: string, protocol: EdgeProtocol): Promise<number> {
    const edge = await this.#options.network.open(from, to, this.#port(to), { protocol });
    return edge.listenPort;
  }

  #port(service: string): number {
    const port = this.#ports.get(service);
    if (port !== undefined) return port;
    throw new FaultlineError(
      "usage",
      "no-such-service",
      `"${service}" is called, but is no service of the system.`,
    );
  }
}
