import type { HistoryEvent, PhaseName } from "../../checkers/history/operation.ts";
import { FaultlineError } from "../faultline-error.ts";
import { faults as knownFaults } from "../faults/index.ts";
import { Recorder } from "../record/recorder.ts";
import type { HarnessFailure } from "../record/run-record.ts";
import type { DrainMode } from "../sim/scheduler.ts";
import { Simulation } from "../sim/simulation.ts";
import { failureOf } from "./failure-of.ts";
import { FaultSchedule, type IdleFault } from "./fault-schedule.ts";
import { finalReadsMsMax, Phases } from "./phases.ts";
import type { Plan } from "./plan.ts";
import type { RunWorld } from "./run-world.ts";
import type { Scenario } from "./scenario.ts";
import type { SystemDefinition } from "./system.ts";
import { watchRejections } from "./watch-rejections.ts";

/** Scheduler events of one run, at most: beyond it a service is spinning. */
const EVENTS_MAX = 2_000_000;
/** Many times the slowest message: a request with all of its statements is over by then, also behind others. */
const QUIET_MS = 1500;

/** A plan and the system that it is executed on. */
export interface SimRunOptions {
  readonly scenario: Scenario;
  readonly system: SystemDefinition;
  readonly plan: Plan;
  readonly drain: DrainMode;
  readonly onEvent: (event: HistoryEvent) => void;
}

/** How a run went, apart from its history. */
export interface SimRunEnd {
  readonly failure: HarnessFailure | null;
  /** Faults that were injected. */
  readonly faults: number;
  /** Those of them that touched nothing and can tell why. */
  readonly idle: readonly IdleFault[];
  readonly eventLogHash: string;
  readonly virtualNs: number;
}

/** Executes a plan in the sim lane: all services in this process, on virtual time. */
export async function runInSimulation(options: SimRunOptions): Promise<SimRunEnd> {
  const { scenario, plan } = options;
  const simulation = simulate(options, (node, f, key, value) => recorder.record(node, f, key, value));
  const { scheduler, root, port } = simulation;
  const recorder = new Recorder(plan.clients.length + 1, () => scheduler.now, options.onEvent);
  const faults = new FaultSchedule(plan.faults, knownFaults, { scheduler, root, port, recorder });
  const phases = new Phases({ scenario, plan, recorder, world: worldOf(simulation, faults) });
  const rejections = watchRejections();
  const unpin = simulation.pinGlobals();
  let failure: HarnessFailure | null = null;
  try {
    await drive(simulation, phases, scenario);
  } catch (error) {
    failure = failureOf(error);
  } finally {
    unpin();
  }
  const leaked = await rejections.stop();
  return {
    failure: failure ?? refusalOf(simulation) ?? leaked,
    faults: faults.injected,
    idle: faults.idle,
    eventLogHash: scheduler.eventLogHash(),
    virtualNs: scheduler.now,
  };
}

function simulate(
  { system, plan, drain }: SimRunOptions,
  onRecord: ConstructorParameters<typeof Simulation>[0]["onRecord"],
): Simulation {
  return new Simulation({
    system,
    seed: plan.schedule.seed,
    drain,
    latencyMaxUs: plan.schedule.latencyMaxUs,
    salts: plan.clients.flat().map(({ salt }) => salt),
    clientNodes: plan.clients.map((_, client) => `client-${client}`),
    onRecord,
  });
}

function worldOf(simulation: Simulation, faults: FaultSchedule): RunWorld {
  const { scheduler, root } = simulation;
  return {
    faults,
    boot: () => simulation.boot(),
    client: (client) => simulation.client(client === "keeper" ? client : `client-${client}`),
    stores: () => simulation.stores(),
    nowNs: () => scheduler.now,
    quietForMs: QUIET_MS,
    sleep: (ms, label) => scheduler.sleep(ms * 1e6, label),
    adopt: (operation) => scheduler.adopt(root, operation),
  };
}

async function drive({ scheduler, root }: Simulation, phases: Phases, scenario: Scenario): Promise<void> {
  const { limits } = scenario;
  let end: { readonly error: unknown } | null = null;
  const begin = () => {
    phases.run().then(
      () => {
        end = { error: null };
      },
      (error: unknown) => {
        end = { error };
      },
    );
  };
  scheduler.schedule(0, "begin", begin, { owner: root, cause: -1 });
  const timeNs = (limits.loadMs + limits.settleMs + finalReadsMsMax(scenario)) * 1e6;
  const why = await scheduler.drive(() => end !== null, { events: EVENTS_MAX, timeNs });
  const ended = end as { readonly error: unknown } | null;
  if (ended === null) throw stuck(why, phases.current);
  if (ended.error !== null) throw ended.error;
}

function refusalOf(simulation: Simulation): HarnessFailure | null {
  const message = simulation.firstRefusal();
  return message === null ? null : { code: "unsupported-query", message };
}

function stuck(why: string, phase: PhaseName): FaultlineError {
  const what =
    why === "idle"
      ? "nothing is left to run, and it has not ended"
      : why === "event-limit"
        ? `more than ${EVENTS_MAX} events were run`
        : "its time limit (scenario.limits) has passed";
  return new FaultlineError(
    "harness",
    `run-${why}`,
    `The run did not come to an end: in the phase "${phase}" ${what}.`,
    "Look for a service that waits for something outside of the handed-in clients and clock, or spins.",
  );
}
