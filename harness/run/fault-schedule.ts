import type { Json } from "../../checkers/history/operation.ts";
import { FaultlineError } from "../faultline-error.ts";
import type { ActiveFault, Fault } from "../faults/fault.ts";
import type { FaultPort } from "../faults/fault-port.ts";
import type { Recorder } from "../record/recorder.ts";
import type { Scheduler } from "../sim/scheduler.ts";
import type { Owner } from "../sim/sim-event.ts";
import type { PlannedFault } from "./plan.ts";

/** How often a fault that waits (for a process to be up, or for a bite) looks again, in virtual ns. */
const POLL_NS = 1e6;

/** Finds a fault by its name. Throws `bad-plan` with the names there are. */
export function faultNamed(known: readonly Fault<Json>[], name: string): Fault<Json> {
  const fault = known.find((candidate) => candidate.name === name);
  if (fault !== undefined) return fault;
  throw new FaultlineError(
    "usage",
    "bad-plan",
    `There is no fault "${name}". There are: ${known.map((candidate) => candidate.name).join(", ")}.`,
    "Correct the name in the plan file.",
  );
}

interface Armed {
  readonly id: number;
  readonly planned: PlannedFault;
  readonly fault: Fault<Json>;
  readonly params: Json;
  /** Null before the injection. */
  active: ActiveFault | null;
  healed: boolean;
}

/** A fault that touched nothing, and why. */
export interface IdleFault {
  readonly fault: string;
  /** In words. */
  readonly why: string;
}

/** What the schedule needs of the running system. */
export interface FaultScheduleWorld {
  readonly scheduler: Scheduler;
  readonly root: Owner;
  readonly port: FaultPort;
  readonly recorder: Recorder;
}

/**
 * Injects the faults of a plan as the load goes on, and heals each when its time is over and it has
 * bitten; whatever is still on when the load ends is healed then.
 */
export class FaultSchedule {
  readonly #world: FaultScheduleWorld;
  readonly #armed: readonly Armed[];
  #invocations = 0;
  #over = false;

  /** Throws `bad-plan` when a fault or its parameters are not known. */
  constructor(planned: readonly PlannedFault[], known: readonly Fault<Json>[], world: FaultScheduleWorld) {
    this.#world = world;
    this.#armed = planned.map((entry, id) => {
      const fault = faultNamed(known, entry.fault);
      return { id, planned: entry, fault, params: fault.parse(entry.params), active: null, healed: false };
    });
  }

  /** How many faults were injected. */
  get injected(): number {
    return this.#armed.filter(({ active }) => active !== null).length;
  }

  /** Is there a fault that was, or is still to be, injected and has not bitten yet? */
  get waiting(): boolean {
    return this.#armed.some(({ active }) => active === null || active.bites() === 0);
  }

  /** The faults that have touched nothing and can tell why, each once. */
  get idle(): IdleFault[] {
    const idle = new Map<string, IdleFault>();
    for (const { fault, active } of this.#armed) {
      const why = active !== null && active.bites() === 0 ? (active.idleBecause?.() ?? null) : null;
      if (why !== null) idle.set(fault.name, { fault: fault.name, why });
    }
    return [...idle.values()];
  }

  /** Called at each invocation of the load, before anything is sent. */
  invoked(): void {
    this.#invocations++;
    for (const armed of this.#armed) {
      if (armed.planned.afterInvocations !== this.#invocations) continue;
      if (armed.planned.delayUs === 0) this.#inject(armed);
      else this.#after(armed.planned.delayUs * 1000, "inject", () => this.#inject(armed));
    }
  }

  /** Heals everything. Nothing is injected afterwards. */
  healAll(): void {
    this.#over = true;
    for (const armed of this.#armed) this.#heal(armed);
  }

  #inject(armed: Armed): void {
    if (this.#over) return;
    const { port, recorder, scheduler } = this.#world;
    const { fault, params, id } = armed;
    if (fault.ready?.(port, params) === false) {
      this.#after(POLL_NS, "inject", () => this.#inject(armed));
      return;
    }
    scheduler.drainAfterwards();
    recorder.fault({ id, fault: fault.name, event: "inject", target: fault.target(params) });
    armed.active = fault.inject(port, params);
    this.#after(armed.planned.forMs * 1e6, "heal", () => this.#healWhenBitten(armed));
  }

  #healWhenBitten(armed: Armed): void {
    if (armed.healed || armed.active === null) return;
    if (armed.active.bites() > 0) this.#heal(armed);
    else this.#after(POLL_NS, "heal", () => this.#healWhenBitten(armed));
  }

  #heal(armed: Armed): void {
    const { active, fault, params, id } = armed;
    if (active === null || armed.healed) return;
    armed.healed = true;
    this.#world.scheduler.drainAfterwards();
    const bites = active.bites();
    active[Symbol.dispose]();
    this.#world.recorder.fault({
      id,
      fault: fault.name,
      event: "heal",
      target: fault.target(params),
      bites,
    });
  }

  /** Most of these events only look whether it is time, and have nothing to drain. */
  #after(delayNs: number, label: string, run: () => void): void {
    const { scheduler, root } = this.#world;
    scheduler.schedule(delayNs, label, run, { owner: root, cause: -1, internal: true });
  }
}
