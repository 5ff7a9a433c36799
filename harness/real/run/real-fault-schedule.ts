import type { Json } from "../../../checkers/history/operation.ts";
import type { ActiveRealFault, Fault, FaultReadiness } from "../../faults/fault.ts";
import { injectReal } from "../../faults/inject-real.ts";
import type { RealFaultPort } from "../../faults/real-fault-port.ts";
import type { Recorder } from "../../record/recorder.ts";
import { faultNamed } from "../../run/fault-schedule.ts";
import type { PlannedFault } from "../../run/plan.ts";
import type { FaultTimetable } from "../../run/run-world.ts";
import type { Clock } from "../../time/clock.ts";
import type { FaultJournal } from "../network/fault-journal.ts";

/** How often a fault that waits for a bite looks again. */
const POLL_MS = 20;

interface Armed {
  readonly id: number;
  readonly planned: PlannedFault;
  readonly fault: Fault<Json>;
  readonly params: Json;
  active: ActiveRealFault | null;
  bitten: boolean;
  healed: boolean;
  /** Settles when it was injected and healed, or will not be. */
  course: Promise<void>;
}

/** What the schedule needs of the running system. */
export interface RealFaultScheduleWorld {
  readonly port: RealFaultPort;
  readonly recorder: Recorder;
  readonly journal: FaultJournal;
  readonly clock: Pick<Clock, "monotonicNs" | "sleep">;
}

/**
 * Injects the faults of a plan as the load goes on, and heals each when its time is over and it has
 * bitten; whatever is still on when the load ends is healed then. An injection or a heal that fails is a
 * failure of the harness: {@link healAll} rejects with it.
 */
export class RealFaultSchedule implements FaultTimetable {
  readonly #world: RealFaultScheduleWorld;
  readonly #armed: readonly Armed[];
  readonly #readiness: FaultReadiness;
  #invocations = 0;
  #over = false;

  /** Throws `bad-plan` when a fault or its parameters are not known. */
  constructor(
    planned: readonly PlannedFault[],
    known: readonly Fault<Json>[],
    world: RealFaultScheduleWorld,
  ) {
    this.#world = world;
    const isUp = (process: string): boolean => world.port.process(process).isUp();
    // A backend comes with the first statement; whether there is one shows when it is to be killed.
    this.#readiness = { isUp, isServing: isUp, postgres: () => ({ hasBackend: () => true }) };
    this.#armed = planned.map((entry, id) => {
      const fault = faultNamed(known, entry.fault);
      return {
        id,
        planned: entry,
        fault,
        params: fault.parse(entry.params),
        active: null,
        bitten: false,
        healed: false,
        course: Promise.resolve(),
      };
    });
  }

  /** How many faults were injected. */
  get injected(): number {
    return this.#armed.filter(({ active }) => active !== null).length;
  }

  get waiting(): boolean {
    return this.#armed.some(({ bitten }) => !bitten);
  }

  invoked(): void {
    this.#invocations++;
    for (const armed of this.#armed) {
      if (armed.planned.afterInvocations !== this.#invocations) continue;
      armed.course = this.#run(armed);
      // Whoever heals in the end gets to know of it.
      armed.course.catch(() => {});
    }
  }

  async healAll(): Promise<void> {
    this.#over = true;
    // One that fails must not keep the others from being healed.
    const ends = await Promise.allSettled(this.#armed.map(({ course }) => course));
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  }

  async #run(armed: Armed): Promise<void> {
    const { port, recorder, journal, clock } = this.#world;
    const { fault, params, planned, id } = armed;
    await clock.sleep(planned.delayUs / 1000);
    if (this.#over) return;
    while (fault.ready?.(this.#readiness, params) === false) {
      await clock.sleep(POLL_MS);
      if (this.#over) return;
    }
    recorder.fault({ id, fault: fault.name, event: "inject", target: fault.target(params) });
    armed.active = await injectReal({ id, fault, params }, port, journal);
    await this.#untilOverAndBitten(armed, armed.active);
    const bites = await armed.active.bites();
    await armed.active.heal();
    armed.healed = true;
    recorder.fault({ id, fault: fault.name, event: "heal", target: fault.target(params), bites });
  }

  async #untilOverAndBitten(armed: Armed, active: ActiveRealFault): Promise<void> {
    const { clock } = this.#world;
    const endNs = clock.monotonicNs() + armed.planned.forMs * 1e6;
    while (!this.#over) {
      armed.bitten ||= (await active.bites()) > 0;
      if (armed.bitten && clock.monotonicNs() >= endNs) return;
      await clock.sleep(POLL_MS);
    }
  }
}
