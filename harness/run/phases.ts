import type { PhaseName } from "../../checkers/history/operation.ts";
import type { Recorder } from "../record/recorder.ts";
import { callService } from "./call-service.ts";
import type { Plan, PlannedOperation } from "./plan.ts";
import type { RunWorld } from "./run-world.ts";
import type { Client, Scenario, Session } from "./scenario.ts";

/** A final read is tried this often, with a pause between, before it is given up. */
const FINAL_READ_ATTEMPTS = 20;
const FINAL_READ_PAUSE_MS = 100;
/** How often the scenario is asked whether all is quiet. */
const SETTLE_POLL_MS = 50;
/**
 * Idle operations of a client, at most, while a fault has still to bite: 13.6 s of pauses, since a consumer of Kafka that
 * lost an answer is away for up to 12.5 s, and a fault on what it does needs it back.
 */
const IDLE_OPERATIONS_MAX = 32;
/** The pause before an idle operation grows, so that they outlast a process that is down. */
const IDLE_PAUSE_MS_FIRST = 10;
const IDLE_PAUSE_MS_MAX = 500;

/** A plan and the world that it is executed in. */
export interface PhasesOptions {
  readonly scenario: Scenario;
  readonly plan: Plan;
  readonly world: RunWorld;
  /** For as many clients as the plan has, and one more: the keeper. */
  readonly recorder: Recorder;
}

/** The longest that the phases after the load may take, apart from the settling. */
export function finalReadsMsMax({ limits }: Scenario): number {
  return FINAL_READ_ATTEMPTS * limits.callTimeoutMs * 10;
}

/**
 * Takes a system through its phases: start, load under faults, heal, settle, final reads. The same in
 * every lane. Rejects when the harness fails.
 */
export class Phases {
  /** The phase that the run is in. */
  current: PhaseName = "start";
  readonly #options: PhasesOptions;
  /** The number of the client that prepares and reads in the end. */
  readonly #keeper: number;
  readonly #keeperSession: Session = new Map();
  /** The operations of the plan, and behind them the idle ones, per client. */
  readonly #performed: PlannedOperation[][];
  #gaveUp = false;

  constructor(options: PhasesOptions) {
    this.#options = options;
    this.#keeper = options.plan.clients.length;
    this.#performed = options.plan.clients.map((operations) => [...operations]);
  }

  /** Runs all phases. */
  async run(): Promise<void> {
    const { scenario, plan, world } = this.#options;
    this.#enter("start");
    await world.boot();
    for (const call of scenario.workload.preparation) await this.#keeperCall(call, false);
    this.#enter("load");
    const clients = plan.clients.map((_, number): Client => {
      return { number, session: new Map(), ...world.client(number) };
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
    await world.faults.healAll();
    this.#enter("settle");
    await this.#settle();
    this.#enter("final-reads");
    const performed = { ...plan, clients: this.#performed };
    for (const call of scenario.workload.finalReads(performed)) await this.#finalRead(call);
    await this.#inspect();
  }

  /** From here on nothing is done on behalf of a client operation of an earlier phase. */
  #enter(phase: PhaseName): void {
    this.current = phase;
    this.#options.recorder.phase(phase);
    this.#options.world.adopt(-1);
  }

  async #load(client: Client, operations: readonly PlannedOperation[], first: number): Promise<void> {
    const { world } = this.#options;
    for (const [position, { call, thinkMs }] of operations.entries()) {
      world.adopt(first + position);
      await world.sleep(thinkMs, "think");
      await this.#call(client, call, false, true);
    }
  }

  /** Keeps traffic flowing, so that a fault that has touched nothing yet can still bite. */
  async #idle(client: Client): Promise<void> {
    const { world, scenario } = this.#options;
    for (let round = 0; round < IDLE_OPERATIONS_MAX && world.faults.waiting; round++) {
      world.adopt(-1);
      await world.sleep(Math.min(IDLE_PAUSE_MS_FIRST * 2 ** round, IDLE_PAUSE_MS_MAX), "idle");
      const call = scenario.workload.idle(client.number, round);
      this.#performed[client.number]?.push({ call, thinkMs: 0, salt: 0 });
      await this.#call(client, call, false, true);
    }
  }

  /**
   * Waits until the scenario says that all is quiet and has been for a while, or for as long as it allows.
   * Once is not enough: a request whose client gave up may be held up behind a fault that is just healed.
   */
  async #settle(): Promise<void> {
    const { world, scenario } = this.#options;
    const { workload, limits } = scenario;
    const { isQuiet } = workload;
    if (isQuiet === undefined) {
      await world.sleep(limits.settleMs, "settle");
      return;
    }
    const client: Client = { number: this.#keeper, session: new Map(), ...world.client("keeper") };
    const endNs = world.nowNs() + limits.settleMs * 1e6;
    let quietSinceNs = Number.POSITIVE_INFINITY;
    for (;;) {
      const leftMs = (endNs - world.nowNs()) / 1e6;
      if (leftMs <= 0) return;
      const givenUp = world.sleep(Math.min(limits.callTimeoutMs, leftMs), "settle").then(() => false);
      const quiet = isQuiet.call(workload, client).catch(() => false);
      if (!(await Promise.race([quiet, givenUp]))) quietSinceNs = Number.POSITIVE_INFINITY;
      else if (quietSinceNs > world.nowNs()) quietSinceNs = world.nowNs();
      const quietMs = Math.max(0, (world.nowNs() - quietSinceNs) / 1e6);
      if (quietMs >= world.quietForMs) return;
      // Asked again only when the answer can end the wait: each question is traffic.
      const pauseMs =
        quietSinceNs < Number.POSITIVE_INFINITY ? Math.max(1, world.quietForMs - quietMs) : SETTLE_POLL_MS;
      await world.sleep(pauseMs, "settle");
    }
  }

  /** What the stores hold in the end. A failure here is one of the harness: nothing is in the way any more. */
  async #inspect(): Promise<void> {
    const { scenario, world, recorder } = this.#options;
    if (scenario.inspect === undefined) return;
    const records = await scenario.inspect(world.stores());
    for (const { node, f, key, value } of records) recorder.record(node, f, key, value, true);
  }

  async #keeperCall(call: PlannedOperation["call"], final: boolean): Promise<boolean> {
    const node = this.#options.world.client("keeper");
    const client: Client = { number: this.#keeper, session: this.#keeperSession, ...node };
    return await this.#call(client, call, final, false);
  }

  /** Once a read was given up, the service will not come back: the other reads are tried once each. */
  async #finalRead(call: PlannedOperation["call"]): Promise<void> {
    for (let attempt = 0; attempt < (this.#gaveUp ? 1 : FINAL_READ_ATTEMPTS); attempt++) {
      if (await this.#keeperCall(call, true)) return;
      await this.#options.world.sleep(FINAL_READ_PAUSE_MS, "pause");
    }
    this.#gaveUp = true;
  }

  async #call(
    client: Client,
    call: PlannedOperation["call"],
    final: boolean,
    underLoad: boolean,
  ): Promise<boolean> {
    const { scenario, recorder, world } = this.#options;
    const { workload, limits } = scenario;
    const invocation = workload.invocation(call, client.session);
    const open = recorder.invoke(client.number, invocation, final);
    if (underLoad) world.faults.invoked();
    const outcome = await callService(workload, invocation, client, limits.callTimeoutMs);
    recorder.complete(open, outcome);
    return outcome.type === "ok";
  }
}
