import { Kysely } from "kysely";
import { FaultlineError } from "../faultline-error.ts";
import type { FaultPort } from "../faults/fault-port.ts";
import { randomStream } from "../random/random-stream.ts";
import type {
  PoolLimits,
  ServiceContext,
  ServiceDefinition,
  ServiceFetch,
  SystemDefinition,
} from "../run/system.ts";
import type { Clock } from "../time/clock.ts";
import { type DrawLatencyNs, Network } from "./network.ts";
import { pinGlobals } from "./pin-globals.ts";
import { PostgresServer } from "./postgres/postgres-server.ts";
import { createSimPostgresDialect } from "./postgres/sim-postgres-dialect.ts";
import { type DrainMode, Scheduler } from "./scheduler.ts";
import type { Owner } from "./sim-event.ts";
import { createSimFetch } from "./sim-fetch.ts";
import { SimProcess } from "./sim-process.ts";
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
}

/** A simulated client node. */
export interface SimClient {
  readonly clock: Clock;
  readonly fetch: ServiceFetch;
}

const DEFAULT_POOL: PoolLimits = { max: 8, connectionTimeoutMs: 1000, queryTimeoutMs: 1000 };

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
  readonly #stores = new Map<string, PostgresServer>();

  constructor(options: SimulationOptions) {
    this.#options = options;
    const { seed, drain, system } = options;
    this.scheduler = new Scheduler(randomStream(seed, "ranks"), this.root, drain);
    this.#network = new Network(this.scheduler, drawLatencies(options));
    for (const { name } of system.stores) {
      const random = randomStream(seed, `store ${name}`);
      this.#stores.set(name, new PostgresServer({ scheduler: this.scheduler, random, name }));
    }
    for (const service of system.services) this.#processes.set(service.name, this.#process(service));
    this.port = this.#faultPort();
  }

  /** Creates the tables, then starts every service. */
  async boot(): Promise<void> {
    for (const { name, migrate } of this.#options.system.stores) {
      const database = this.#postgres<unknown>(name, "harness", this.root, () => {}, DEFAULT_POOL);
      await migrate(database);
      await database.destroy();
    }
    await Promise.all([...this.#processes.values()].map((process) => process.start()));
  }

  /** A node from which a client calls services. */
  client(node: string): SimClient {
    return { clock: virtualClock(this.scheduler), fetch: this.#fetch(node, this.root) };
  }

  /**
   * The first query that a model store refused, in words, or null. A service may take the refusal for
   * trouble with its store, so the run must not pass as if nothing had happened.
   */
  firstRefusal(): string | null {
    for (const [name, { refusals }] of this.#stores) {
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
    return new SimProcess(service.name, this.scheduler, this.root, (owner, onDeath) => {
      const context: ServiceContext = {
        name: service.name,
        clock: virtualClock(this.scheduler),
        newId: () => uuidFrom(ids),
        random: () => random.fraction(),
        fetch: this.#fetch(service.name, owner),
        postgres: <Database>(store: string, limits: Partial<PoolLimits> = {}) => {
          if (!service.stores.includes(store)) throw foreignStore(service, store);
          return this.#postgres<Database>(store, service.name, owner, onDeath, {
            ...DEFAULT_POOL,
            ...limits,
          });
        },
      };
      return service.start(context);
    });
  }

  #postgres<Database>(
    store: string,
    node: string,
    owner: Owner,
    onDeath: (callback: () => void) => void,
    pool: PoolLimits,
  ): Kysely<Database> {
    const server = this.#stores.get(store);
    if (server === undefined) throw noSuchNode(store, [...this.#stores.keys()]);
    const { dialect, ownerDied } = createSimPostgresDialect({
      scheduler: this.scheduler,
      network: this.#network,
      server,
      clientNode: node,
      owner,
      random: randomStream(this.#options.seed, `pool ${node} ${store}`),
      pool,
    });
    onDeath(ownerDied);
    return new Kysely<Database>({ dialect });
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

  #faultPort(): FaultPort {
    const known = [...this.#options.clientNodes, ...this.#processes.keys(), ...this.#stores.keys()];
    const crashable = (name: string): SimProcess | PostgresServer => {
      const found = this.#processes.get(name) ?? this.#stores.get(name);
      if (found === undefined) throw noSuchNode(name, [...this.#processes.keys(), ...this.#stores.keys()]);
      return found;
    };
    return {
      nodes: (name) => {
        if (name === "clients") return this.#options.clientNodes;
        if (!known.includes(name)) throw noSuchNode(name, ["clients", ...known]);
        return [name];
      },
      intercept: (from, to, interceptor) => this.#network.intercept(from, to, interceptor),
      isUp: (name) => crashable(name).up,
      crash: (name) => {
        const process = crashable(name);
        const wasUp = process.up;
        process.crash();
        return wasUp;
      },
      restart: (name) => {
        const process = crashable(name);
        if (process.up) return;
        if (process instanceof SimProcess) void process.start();
        else process.restart();
      },
    };
  }
}

function drawLatencies({ seed, salts, latencyMaxUs }: SimulationOptions): DrawLatencyNs {
  const maxNs = latencyMaxUs * 1000;
  const minNs = maxNs / 10;
  const background = randomStream(seed, "latency");
  const streams = salts.map((salt) => randomStream(salt, "latency"));
  return (cause) => minNs + (streams[cause] ?? background).fraction() * (maxNs - minNs);
}

function foreignStore(service: ServiceDefinition, store: string): FaultlineError {
  return new FaultlineError(
    "harness",
    "foreign-store",
    `The service "${service.name}" asked for the store "${store}"; its definition names: ${service.stores.join(", ") || "none"}.`,
    "A service reads its own stores only; add the store to the definition if it is its own.",
  );
}

function noSuchNode(name: string, known: readonly string[]): FaultlineError {
  return new FaultlineError(
    "usage",
    "bad-plan",
    `There is no node "${name}" in this system. There are: ${known.join(", ")}.`,
    "Correct the name in the plan or in the scenario.",
  );
}
