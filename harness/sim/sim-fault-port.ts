import { FaultlineError } from "../faultline-error.ts";
import type {
  FaultPort,
  KafkaFaults,
  PausedProcess,
  PostgresFaults,
  ReplicaFaults,
} from "../faults/fault-port.ts";
import type { Network } from "./network.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Owner } from "./sim-event.ts";
import { SimProcess } from "./sim-process.ts";
import type { SimStore } from "./sim-stores.ts";

/** The world that faults act upon. */
export interface FaultWorld {
  readonly scheduler: Scheduler;
  readonly network: Network;
  /** Owns what the faults themselves schedule. */
  readonly root: Owner;
  /** The names that `clients` stands for. */
  readonly clientNodes: readonly string[];
  readonly processes: ReadonlyMap<string, SimProcess>;
  readonly stores: ReadonlyMap<string, SimStore>;
}

/** What faults may do to a simulated world. */
export function simFaultPort(world: FaultWorld): FaultPort {
  const { scheduler, network, root, clientNodes, processes, stores } = world;
  const killable = [...processes.keys(), ...stores.keys()];
  const known = [...clientNodes, ...killable];
  const found = (name: string): SimProcess | SimStore => {
    const target = processes.get(name) ?? stores.get(name);
    if (target === undefined) throw noSuchNode(name, killable);
    return target;
  };
  const service = (name: string): SimProcess => {
    const target = processes.get(name);
    if (target === undefined) throw noSuchNode(name, [...processes.keys()]);
    return target;
  };
  return {
    nodes: (name) => {
      if (name === "clients") return clientNodes;
      if (!known.includes(name)) throw noSuchNode(name, ["clients", ...known]);
      return [name];
    },
    intercept: (from, to, interceptor) => network.intercept(from, to, interceptor),
    isUp: (name) => found(name).up,
    isServing: (name) => {
      const target = found(name);
      return target instanceof SimProcess ? target.service !== null : target.up;
    },
    crash: (name) => {
      const target = found(name);
      const wasUp = target.up;
      target.crash();
      return wasUp;
    },
    restart: (name) => {
      const target = found(name);
      if (target instanceof SimProcess) void target.start();
      else target.restart();
    },
    stop: (name) => service(name).stop(),
    pause: (name) => pause(scheduler, found(name)),
    setClockOffset: (name, offsetMs) => {
      service(name).clockOffsetMs = offsetMs;
    },
    clockReads: (name) => service(name).wrongClockReads,
    postgres: (name) => ofKind<PostgresFaults>(stores, name, "PostgreSQL", "terminateBackend"),
    replica: (name) => ofKind<ReplicaFaults>(stores, name, "PostgreSQL replica", "pauseReplay"),
    kafka: (name) => ofKind<KafkaFaults>(stores, name, "Kafka", "duplicateDelivery"),
    now: () => scheduler.now,
    after: (delayMs, run) => {
      const event = scheduler.schedule(delayMs * 1e6, "fault", run, { owner: root, cause: -1 });
      return () => scheduler.cancel(event);
    },
  };
}

function pause(scheduler: Scheduler, target: SimProcess | SimStore): PausedProcess | null {
  if (!(target instanceof SimProcess)) return pauseStore(target);
  const { owner } = target;
  if (!scheduler.pause(owner)) return null;
  let waited = 0;
  const count = () => {
    waited = Math.max(waited, owner.deferred?.length ?? 0);
    return waited;
  };
  return {
    waited: count,
    resume: () => {
      count();
      scheduler.resume(owner);
    },
  };
}

function pauseStore(store: SimStore): PausedProcess | null {
  if (!store.up) return null;
  store.pause();
  let waited = 0;
  const count = () => {
    waited = Math.max(waited, store.waitingEvents ?? 1);
    return waited;
  };
  return {
    waited: count,
    resume: () => {
      count();
      store.resume();
    },
  };
}

/** The store of this name, if it can do what stores of its kind can do. */
function ofKind<Faults extends object>(
  stores: ReadonlyMap<string, SimStore>,
  name: string,
  kind: string,
  method: keyof Faults & string,
): Faults {
  const store = stores.get(name);
  if (store === undefined || !(method in store)) throw notOfKind(name, kind);
  return store as SimStore & Faults;
}

function notOfKind(name: string, kind: string): FaultlineError {
  return new FaultlineError(
    "usage",
    "bad-plan",
    `"${name}" is not a ${kind} store of this system.`,
    "Correct the name in the plan or in the scenario.",
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
