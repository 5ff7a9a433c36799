import { join } from "node:path";
import type { HistoryEvent } from "../../../checkers/history/operation.ts";
import { FaultlineError } from "../../faultline-error.ts";
import { clockOffset } from "../../faults/clock-offset.fault.ts";
import { faults as knownFaults } from "../../faults/index.ts";
import { Recorder } from "../../record/recorder.ts";
import type { HarnessFailure } from "../../record/run-record.ts";
import { failureOf } from "../../run/failure-of.ts";
import { Phases } from "../../run/phases.ts";
import type { Plan } from "../../run/plan.ts";
import type { ClientNode, RunWorld } from "../../run/run-world.ts";
import type { Scenario } from "../../run/scenario.ts";
import type { SystemDefinition } from "../../run/system.ts";
import type { Clock } from "../../time/clock.ts";
import { monotonicNowNs, systemClock } from "../../time/system-clock.ts";
import { type OpenStoreClients, openStoreClients } from "../clients/open-store-clients.ts";
import type { StoreAddress } from "../clients/store-address.ts";
import { EdgeNetwork } from "../network/edge-network.ts";
import { FaultJournal } from "../network/fault-journal.ts";
import type { PortSource } from "../processes/port-source.ts";
import type { Reaper } from "../processes/reaper.ts";
import { createRealFetch } from "../services/real-fetch.ts";
import type { ProvisionedStores, Substrate, UnaskedDeath } from "../substrate/substrate.ts";
import { mergeRecords } from "./merge-records.ts";
import { migrateStores } from "./migrate-stores.ts";
import { RealFaultSchedule } from "./real-fault-schedule.ts";
import { RealSystem, type ServiceCommand } from "./real-system.ts";
import { systemFaultPort } from "./system-fault-port.ts";

/** A run longer than that is stuck, whatever its scenario allows in virtual time. */
const RUN_MS_MAX = 90_000;
const SETTLE_MS_MAX = 10_000;
/** On one machine a request that nothing holds up is done in a fraction of this. */
const QUIET_MS = 300;
/** How often it is looked whether a server or a service died. */
const WATCH_MS = 100;

/** What runs of the real lane share. */
export interface RealLane {
  readonly substrate: Substrate;
  readonly reaper: Reaper;
  readonly ports: PortSource;
  /** The library that changes the clock of services; null where there is none. */
  readonly libfaketime: string | null;
}

/** A plan and the system that it is executed on. */
export interface RealRunOptions {
  readonly lane: RealLane;
  readonly scenario: Scenario;
  readonly system: SystemDefinition;
  readonly plan: Plan;
  /** An existing folder, of its own for this run: logs, records, the journal of faults. */
  readonly folder: string;
  readonly serviceCommand: (service: string) => ServiceCommand;
}

/** How a run went. */
export interface RealRunEnd {
  readonly failure: HarnessFailure | null;
  /** Faults that were injected. */
  readonly faults: number;
  /** What clients, faults and services recorded, merged by time. */
  readonly events: readonly HistoryEvent[];
  readonly durationMs: number;
}

/** Executes a plan in the real lane: every service a process, every store a real server, every edge a proxy. */
export async function runInReality(options: RealRunOptions): Promise<RealRunEnd> {
  const { lane, plan, system, folder } = options;
  const startNs = monotonicNowNs();
  const clock = systemClock(startNs);
  let over = false;
  const recorder = new Recorder(plan.clients.length + 1, () => clock.monotonicNs());
  let faults = 0;
  let failure: HarnessFailure | null = null;
  const records: string[] = [];
  let died: UnaskedDeath | null = null;
  let death = () => (died ??= lane.substrate.unaskedDeath());
  let troubleOfStores: ProvisionedStores["trouble"] = () => null;
  // What died explains whatever else failed.
  const cause = () => {
    const dead = death();
    return dead === null ? troubleOfStores() : componentDied(dead);
  };
  try {
    await using stores = await lane.substrate.provision({ stores: system.stores, users: usersOf(system) });
    troubleOfStores = () => stores.trouble();
    const direct = directAddresses(system, stores);
    await using clients = await openStoreClients(direct, "harness");
    const journal = new FaultJournal(join(folder, "faults.ndjson"), clock.nowMs);
    const { toxiproxyUrl, nextProxyAddress } = lane.substrate;
    const network = new EdgeNetwork({
      toxiproxyUrl,
      journal: journal.undo,
      sleep: clock.sleep,
      ...(nextProxyAddress === undefined ? {} : { nextProxyAddress }),
    });
    await using _network = { [Symbol.asyncDispose]: () => network.close() };
    const clientNodes = plan.clients.map((_, client) => `client-${client}`);
    const offsets = plan.faults.some(({ fault }) => fault === clockOffset.name);
    const libfaketime = offsets ? lane.libfaketime : null;
    await using running = new RealSystem({
      ...options,
      ...lane,
      libfaketime,
      stores,
      network,
      clientNodes,
      clock,
      startNs,
    });
    records.push(...system.services.map(({ name }) => running.recordsPath(name)));
    const port = systemFaultPort({ running, stores, network, journal, clientNodes, sleep: clock.sleep });
    const schedule = new RealFaultSchedule(plan.faults, knownFaults, { port, recorder, journal, clock });
    const boot = async () => {
      await migrateStores(system.stores, clients.clients);
      await running.boot();
    };
    // When a run ends early, what its clients still wait for never comes: they must not go on by themselves.
    const ending = endingClock(clock, () => over);
    const node = (name: string | null): ClientNode => ({
      clock: ending,
      fetch: createRealFetch(running.addresses(name)),
    });
    const world = worldOf(schedule, clients, boot, node, ending);
    const phases = new Phases({ scenario: settlingSooner(options.scenario), plan, recorder, world });
    death = () => (died ??= lane.substrate.unaskedDeath() ?? running.unaskedDeath());
    const watch = watchRun(cause, clock, phases);
    const [phasesEnd] = await Promise.allSettled([Promise.race([phases.run(), watch.trouble])]);
    over = true;
    watch.end();
    faults = schedule.injected;
    const [healEnd] = await Promise.allSettled([schedule.healAll()]);
    for (const end of [phasesEnd, healEnd]) if (end.status === "rejected") throw end.reason;
  } catch (error) {
    failure = failureOf(error);
    // A connection breaks before the end of its process is seen.
    await clock.sleep(WATCH_MS);
  }
  const worse = cause();
  if (worse !== null) failure = failureOf(worse);
  const events = mergeRecords(recorder.events, records);
  return { failure, faults, events, durationMs: Math.round(clock.monotonicNs() / 1e6) };
}

function usersOf({ services }: SystemDefinition): Map<string, readonly string[]> {
  const users = new Map<string, string[]>();
  for (const { name, stores } of services) {
    for (const store of stores) users.set(store, [...(users.get(store) ?? []), name]);
  }
  return users;
}

function directAddresses({ stores: definitions }: SystemDefinition, stores: ProvisionedStores) {
  const addresses = new Map<string, StoreAddress>();
  for (const definition of definitions) {
    addresses.set(definition.name, stores.address(definition.name));
    if (definition.kind !== "postgres") continue;
    for (const replica of definition.replicas ?? []) addresses.set(replica, stores.address(replica));
  }
  return addresses;
}

function worldOf(
  faults: RealFaultSchedule,
  clients: OpenStoreClients,
  boot: () => Promise<void>,
  node: (name: string | null) => ClientNode,
  clock: Clock,
): RunWorld {
  return {
    faults,
    boot,
    client: (client) => node(client === "keeper" ? null : `client-${client}`),
    stores: () => clients.clients,
    nowNs: clock.monotonicNs,
    quietForMs: QUIET_MS,
    sleep: (ms) => clock.sleep(ms),
    adopt: () => {},
  };
}

/** Virtual time costs nothing; real time is bounded also where a scenario would wait longer for quiet. */
function settlingSooner(scenario: Scenario): Scenario {
  const settleMs = Math.min(scenario.limits.settleMs, SETTLE_MS_MAX);
  return { ...scenario, limits: { ...scenario.limits, settleMs } };
}

function endingClock(clock: Clock, isOver: () => boolean): Clock {
  const sleep = async (ms: number): Promise<void> => {
    if (!isOver()) await clock.sleep(ms);
    if (isOver()) await new Promise(() => {});
  };
  return { ...clock, sleep };
}

/** Rejects when a server or a service dies for a reason of its own, a client leaves its edges, or the run takes too long. */
function watchRun(
  cause: () => FaultlineError | null,
  clock: Clock,
  phases: Phases,
): { readonly trouble: Promise<never>; end(): void } {
  let over = false;
  const endNs = clock.monotonicNs() + RUN_MS_MAX * 1e6;
  const trouble = new Promise<never>((_, reject) => {
    const look = async (): Promise<void> => {
      while (!over) {
        const error = cause();
        if (error !== null) reject(error);
        else if (clock.monotonicNs() > endNs) reject(tookTooLong(phases));
        await clock.sleep(WATCH_MS);
      }
    };
    void look();
  });
  return {
    trouble,
    end: () => {
      over = true;
    },
  };
}

function componentDied({ name, why }: UnaskedDeath): FaultlineError {
  return new FaultlineError(
    "harness",
    "component-died",
    `${name} died for a reason of its own, which says nothing about the services: ${why}`,
    "Its whole log is in the run folder.",
  );
}

function tookTooLong(phases: Phases): FaultlineError {
  return new FaultlineError(
    "harness",
    "run-time-limit",
    `The run did not come to an end within ${RUN_MS_MAX / 1000} s: it was in the phase "${phases.current}".`,
    "Look at the logs of the services in the run folder.",
  );
}
