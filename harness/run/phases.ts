import type { HistoryEvent, PhaseName } from "../../checkers/history/operation.ts";
import { FaultlineError } from "../faultline-error.ts";
import { faults as knownFaults } from "../faults/index.ts";
import { Recorder } from "../record/recorder.ts";
import type { HarnessFailure } from "../record/run-record.ts";
import type { DrainMode } from "../sim/scheduler.ts";
import { Simulation } from "../sim/simulation.ts";
import { callService } from "./call-service.ts";
import { failureOf } from "./failure-of.ts";
import { FaultSchedule } from "./fault-schedule.ts";
import type { Plan, PlannedOperation } from "./plan.ts";
import type { Client, Scenario, Session } from "./scenario.ts";
import type { SystemDefinition } from "./system.ts";
import { watchRejections } from "./watch-rejections.ts";

/** Scheduler events of one run, at most: beyond it a service is spinning. */
const EVENTS_MAX = 2_000_000;
/** A final read is tried this often, with a pause between, before it is given up. */
const FINAL_READ_ATTEMPTS = 20;
const FINAL_READ_PAUSE_MS = 100;
/** Idle operations of a client, at most, while a fault has still to bite. */
const IDLE_OPERATIONS_MAX = 20;
/** The pause before an idle operation grows, so that they outlast a process that is down. */
const IDLE_PAUSE_MS_FIRST = 10;
const IDLE_PAUSE_MS_MAX = 500;

/** A plan and the system that it is executed on. */
export interface PhasesOptions {
  readonly scenario: Scenario;
  readonly system: SystemDefinition;
  readonly plan: Plan;
  readonly drain: DrainMode;
  readonly onEvent: (event: HistoryEvent) => void;
}

/** How a run went, apart from its history. */
export interface PhasesEnd {
  readonly failure: HarnessFailure | null;
  /** Faults that were injected. */
  readonly faults: number;
  readonly eventLogHash: string;
  readonly virtualNs: number;
}

/** Takes a system through its phases: start, load under faults, heal, settle, final reads. */
export async function runPhases(options: PhasesOptions): Promise<PhasesEnd> {
  const run = new SimRun(options);
  const { scheduler } = run.simulation;
  const rejections = watchRejections();
  const unpin = run.simulation.pinGlobals();
  let failure: HarnessFailure | null = null;
  try {
    await run.drive();
  } catch (error) {
    failure = failureOf(error);
  } finally {
    unpin();
  }
  const leaked = await rejections.stop();
  return {
    failure: failure ?? refusalOf(run.simulation) ?? leaked,
    faults: run.faults.injected,
    eventLogHash: scheduler.eventLogHash(),
    virtualNs: scheduler.now,
  };
}

function refusalOf(simulation: Simulation): HarnessFailure | null {
  const message = simulation.firstRefusal();
  return message === null ? null : { code: "unsupported-query", message };
}

/** One run of one plan. */
class SimRun {
  readonly simulation: Simulation;
  readonly faults: FaultSchedule;
  readonly #options: PhasesOptions;
  readonly #recorder: Recorder;
  /** The number of the client that prepares and reads in the end. */
  readonly #keeper: number;
  readonly #keeperSession: Session = new Map();
  /** The operations of the plan, and behind them the idle ones, per client. */
  readonly #performed: PlannedOperation[][];
  #phase: PhaseName = "start";
  #gaveUp = false;

  constructor(options: PhasesOptions) {
    this.#options = options;
    const { plan } = options;
    this.#keeper = plan.clients.length;
    this.#performed = plan.clients.map((operations) => [...operations]);
    this.simulation = new Simulation({
      system: options.system,
      seed: plan.schedule.seed,
      drain: options.drain,
      latencyMaxUs: plan.schedule.latencyMaxUs,
      salts: plan.clients.flat().map(({ salt }) => salt),
      clientNodes: plan.clients.map((_, client) => `client-${client}`),
    });
    const { scheduler, root, port } = this.simulation;
    this.#recorder = new Recorder(this.#keeper + 1, () => scheduler.now, options.onEvent);
    this.faults = new FaultSchedule(plan.faults, knownFaults, {
      scheduler,
      root,
      port,
      recorder: this.#recorder,
    });
  }

  /** Runs all phases. Throws when the harness fails. */
  async drive(): Promise<void> {
    const { scheduler, root } = this.simulation;
    const { limits } = this.#options.scenario;
    let end: { readonly error: unknown } | null = null;
    const begin = () => {
      this.#phases().then(
        () => {
          end = { error: null };
        },
        (error: unknown) => {
          end = { error };
        },
      );
    };
    scheduler.schedule(0, "begin", begin, { owner: root, cause: -1 });
    const timeNs = (limits.loadMs + limits.settleMs + FINAL_READ_ATTEMPTS * limits.callTimeoutMs * 10) * 1e6;
    const why = await scheduler.drive(() => end !== null, { events: EVENTS_MAX, timeNs });
    const ended = end as { readonly error: unknown } | null;
    if (ended === null) throw stuck(why, this.#phase);
    if (ended.error !== null) throw ended.error;
  }

  async #phases(): Promise<void> {
    const { scenario, plan } = this.#options;
    this.#enter("start");
    await this.simulation.boot();
    for (const call of scenario.workload.preparation) await this.#keeperCall(call, false);
    this.#enter("load");
    const clients = plan.clients.map((_, number): Client => {
      return { number, session: new Map(), ...this.simulation.client(`client-${number}`) };
    });
    let first = 0;
    const loads = clients.map((client) => {
      const operations = plan.clients[client.number] ?? [];
      first += operations.length;
      return this.#load(client, operations, first - operations.length);
    });
    await Promise.all(loads);
    await Promise.all(clients.map((client) => this.#idle(client)));
    this.#enter("heal");
    this.faults.healAll();
    this.#enter("settle");
    await this.simulation.scheduler.sleep(scenario.limits.settleMs * 1e6, "settle");
    this.#enter("final-reads");
    const performed = { ...plan, clients: this.#performed };
    for (const call of scenario.workload.finalReads(performed)) await this.#finalRead(call);
  }

  /** From here on nothing is done on behalf of a client operation of an earlier phase. */
  #enter(phase: PhaseName): void {
    this.#phase = phase;
    this.#recorder.phase(phase);
    this.simulation.scheduler.adopt(this.simulation.root, -1);
  }

  async #load(client: Client, operations: readonly PlannedOperation[], first: number): Promise<void> {
    const { scheduler, root } = this.simulation;
    for (const [position, { call, thinkMs }] of operations.entries()) {
      scheduler.adopt(root, first + position);
      await scheduler.sleep(thinkMs * 1e6, "think");
      await this.#call(client, call, false, true);
    }
  }

  /** Keeps traffic flowing, so that a fault that has touched nothing yet can still bite. */
  async #idle(client: Client): Promise<void> {
    const { scheduler, root } = this.simulation;
    for (let round = 0; round < IDLE_OPERATIONS_MAX && this.faults.waiting; round++) {
      scheduler.adopt(root, -1);
      const pauseMs = Math.min(IDLE_PAUSE_MS_FIRST * 2 ** round, IDLE_PAUSE_MS_MAX);
      await scheduler.sleep(pauseMs * 1e6, "idle");
      const call = this.#options.scenario.workload.idle(client.number, round);
      this.#performed[client.number]?.push({ call, thinkMs: 0, salt: 0 });
      await this.#call(client, call, false, true);
    }
  }

  async #keeperCall(call: PlannedOperation["call"], final: boolean): Promise<boolean> {
    const node = this.simulation.client("keeper");
    const client: Client = { number: this.#keeper, session: this.#keeperSession, ...node };
    return await this.#call(client, call, final, false);
  }

  /** Once a read was given up, the service will not come back: the other reads are tried once each. */
  async #finalRead(call: PlannedOperation["call"]): Promise<void> {
    for (let attempt = 0; attempt < (this.#gaveUp ? 1 : FINAL_READ_ATTEMPTS); attempt++) {
      if (await this.#keeperCall(call, true)) return;
      await this.simulation.scheduler.sleep(FINAL_READ_PAUSE_MS * 1e6, "pause");
    }
    this.#gaveUp = true;
  }

  async #call(
    client: Client,
    call: PlannedOperation["call"],
    final: boolean,
    underLoad: boolean,
  ): Promise<boolean> {
    const { workload, limits } = this.#options.scenario;
    const invocation = workload.invocation(call, client.session);
    const open = this.#recorder.invoke(client.number, invocation, final);
    if (underLoad) this.faults.invoked();
    const outcome = await callService(workload, invocation, client, limits.callTimeoutMs);
    this.#recorder.complete(open, outcome);
    return outcome.type === "ok";
  }
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
