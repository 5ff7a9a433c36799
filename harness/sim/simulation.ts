import type { Json } from "../../checkers/history/operation.ts";
import type { FaultPort } from "../faults/fault-port.ts";
import { randomStream } from "../random/random-stream.ts";
import type {
  ServiceContext,
  ServiceDefinition,
  ServiceFetch,
  StoreClients,
  SystemDefinition,
} from "../run/system.ts";
import type { Clock } from "../time/clock.ts";
import { type DrawLatencyNs, Network } from "./network.ts";
import { pinGlobals } from "./pin-globals.ts";
import { type DrainMode, Scheduler } from "./scheduler.ts";
import type { Owner } from "./sim-event.ts";
import { simFaultPort } from "./sim-fault-port.ts";
import { createSimFetch } from "./sim-fetch.ts";
import { SimProcess } from "./sim-process.ts";
import { SimStores, type StoreUser } from "./sim-stores.ts";
import { uuidFrom } from "./uuid-from.ts";
import { virtualClock } from "./virtual-clock.ts";

/** What a simulated world is made of. */
export interface SimulationOptions {
  readonly system: SystemDefinition;
  /** Seeds every choice that is not drawn from an operation's salt. */
  readonly seed: number;
  readonly drain: DrainMode;
  readonly latencyMaxUs: number;
  /** The salt of each client operation: seeds the latencies of the messages that it causes. */
  readonly salts: readonly number[];
  /** The names that `clients` stands for. */
  readonly clientNodes: readonly string[];
  /** Told of what services write into the history. */
  readonly onRecord: (node: string, f: string, key: string, value: Json) => void;
}

/** A simulated client node. */
export interface SimClient {
  readonly clock: Clock;
  readonly fetch: ServiceFetch;
}

/** A system of services and stores in one process, on virtual time. Nothing outlives it. */
export class Simulation {
  readonly scheduler: Scheduler;
  /** Owns what belongs to no process: the harness and its clients. */
  readonly root: Owner = { name: "harness", alive: true };
  /** What faults act upon. */
  readonly port: FaultPort;
  readonly #options: SimulationOptions;
  readonly #network: Network;
  readonly #processes = new Map<string, SimProcess>();
  readonly #stores: SimStores;

  constructor(options: SimulationOptions) {
    this.#options = options;
    const { seed, drain, system } = options;
    this.scheduler = new Scheduler(randomStream(seed, "ranks"), this.root, drain);
    this.#network = new Network(this.scheduler, drawLatencies(options));
    const { scheduler } = this;
    this.#stores = new SimStores({ scheduler, network: this.#network, seed, definitions: system.stores });
    for (const service of system.services) this.#processes.set(service.name, this.#process(service));
    this.port = simFaultPort({
      scheduler,
      network: this.#network,
      root: this.root,
      clientNodes: options.clientNodes,
      processes: this.#processes,
      stores: this.#stores.servers,
    });
  }

  /** Creates the tables, then starts every service. */
  async boot(): Promise<void> {
    await this.#stores.migrate(this.#harness());
    await Promise.all([...this.#processes.values()].map((process) => process.start()));
  }

  /** A node from which a client calls services. */
  client(node: string): SimClient {
    return { clock: virtualClock(this.scheduler), fetch: this.#fetch(node, this.root) };
  }

  /** Clients of every store that no fault can reach: nobody injects faults on the harness's own edges. */
  stores(): StoreClients {
    return this.#stores.clients(this.#harness());
  }

  /**
   * The first query that a model store refused, in words, or null. A service may take the refusal for
   * trouble with its store, so the run must not pass as if nothing had happened.
   */
  firstRefusal(): string | null {
    for (const [name, { refusals }] of this.#stores.servers) {
      const [first] = refusals;
      if (first !== undefined) return `${name}: ${first.message}`;
    }
    return null;
  }

  /** Replaces the global clock, timers and randomness until the answer is called. */
  pinGlobals(): () => void {
    return pinGlobals(this.scheduler, randomStream(this.#options.seed, "globals"));
  }

  #process(service: ServiceDefinition): SimProcess {
    const { seed } = this.#options;
    const random = randomStream(seed, `service ${service.name}`);
    const ids = randomStream(seed, `ids ${service.name}`);
    const process = new SimProcess(service.name, this.scheduler, this.root, (owner, onDeath) => {
      const context: ServiceContext = {
        name: service.name,
        clock: virtualClock(this.scheduler, () => process.readClockOffsetMs()),
        newId: () => uuidFrom(ids),
        random: () => random.fraction(),
        fetch: this.#fetch(service.name, owner),
        record: (f, key, value) => this.#options.onRecord(service.name, f, key, value),
        ...this.#stores.clients({ node: service.name, owner, onDeath, allowed: service.stores }),
      };
      return service.start(context);
    });
    return process;
  }

  #harness(): StoreUser {
    return { node: "harness", owner: this.root, onDeath: () => {}, allowed: null };
  }

  #fetch(node: string, owner: Owner): ServiceFetch {
    const world = {
      scheduler: this.scheduler,
      network: this.#network,
      processes: this.#processes,
      root: this.root,
    };
    return createSimFetch(world, node, owner);
  }
}

function drawLatencies({ seed, salts, latencyMaxUs }: SimulationOptions): DrawLatencyNs {
  const maxNs = latencyMaxUs * 1000;
  const minNs = maxNs / 10;
  const background = randomStream(seed, "latency");
  const streams = salts.map((salt) => randomStream(salt, "latency"));
  return (cause) => minNs + (streams[cause] ?? background).fraction() * (maxNs - minNs);
}
