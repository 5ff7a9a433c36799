import type { ServiceClock } from "../service-needs.ts";
import type { CallOutcome } from "./outgoing-call.ts";
import { tryPassingFailures } from "./retried-call.ts";
import { type DriveMechanisms, driveSaga, type SagaObserver } from "./saga-drive.ts";
import type { SagaLog, SagaStatus } from "./saga-log.ts";
import { type SagaCommand, type SagaStep, undoRules } from "./saga-step.ts";

/** The sagas that a process should go on with: after its start, and now and then. */
export type FindUnfinished = (log: SagaLog) => Promise<readonly string[]>;

/** The mechanisms of an orchestrator apart from its log. */
export interface OrchestratorMechanisms extends DriveMechanisms {
  readonly findUnfinished: FindUnfinished;
}

/** The mechanisms of the hardened form. */
export function hardenedOrchestratorMechanisms(): OrchestratorMechanisms {
  return {
    rules: undoRules,
    keyOfAttempt: (key) => key,
    tryAgain: tryPassingFailures,
    // Whatever became of it, a compensation that is not done is sent again: nobody else will.
    tryUndoAgain: () => true,
    findUnfinished: (log) => log.claimable(),
  };
}

/** What an orchestrator needs. */
export interface OrchestratorNeeds<Input> {
  readonly clock: ServiceClock;
  readonly random: () => number;
  readonly log: SagaLog;
  readonly steps: readonly SagaStep<Input>[];
  /** Sends a command once. Never rejects. */
  readonly send: (command: SagaCommand, requestKey: string) => Promise<CallOutcome>;
  readonly observer: SagaObserver;
}

/** How often it looks for sagas that nobody drives; those that it is asked for it drives at once. */
const lookMs = 500;

/**
 * Drives sagas (Garcia-Molina and Salem, "Sagas", SIGMOD 1987) to one of two ends: every step done, or
 * every step that may have been done undone, last first. All that it knows is in the log, so it goes on
 * after a crash where it was.
 */
export class SagaOrchestrator<Input> {
  readonly #needs: OrchestratorNeeds<Input>;
  readonly #mechanisms: OrchestratorMechanisms;
  /** Sagas that this process drives now. */
  readonly #driving = new Map<string, Promise<void>>();
  #stopping = false;

  constructor(needs: OrchestratorNeeds<Input>, mechanisms: OrchestratorMechanisms) {
    this.#needs = needs;
    this.#mechanisms = mechanisms;
  }

  /** Looks for unfinished sagas now, and from now on again and again. */
  run(): void {
    void this.#lookAgainAndAgain();
  }

  /**
   * Begins a saga, or finds the one that has this id. When it resolves, the saga will come to an end,
   * whatever crashes. Rejects with a `StoreFailure` where that is not certain.
   */
  async begin(id: string, input: Input): Promise<SagaStatus> {
    const { log, observer } = this.#needs;
    const status = await log.begin(id, JSON.stringify(input));
    if (status.state === "running") {
      observer.state(id, "running");
      this.#drive(id);
    }
    return status;
  }

  /** Sends no command that has not begun, and resolves when those that have are noted. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#driving.values());
  }

  async #lookAgainAndAgain(): Promise<void> {
    for (;;) {
      await this.#look();
      await this.#needs.clock.sleep(lookMs);
      if (this.#stopping) return;
    }
  }

  async #look(): Promise<void> {
    let ids: readonly string[];
    try {
      ids = await this.#mechanisms.findUnfinished(this.#needs.log);
    } catch {
      // The store is away: the next look may find it.
      return;
    }
    for (const id of ids) this.#drive(id);
  }

  #drive(id: string): void {
    if (this.#stopping || this.#driving.has(id)) return;
    const work = this.#claimAndDrive(id)
      // The log cannot be written, or somebody else drives the saga: the log has it for the next look.
      .catch(() => undefined)
      .finally(() => this.#driving.delete(id));
    this.#driving.set(id, work);
  }

  async #claimAndDrive(id: string): Promise<void> {
    const { log, steps, ...needs } = this.#needs;
    const drive = await log.claim(id);
    if (drive === null) return;
    await driveSaga(drive, steps, this.#mechanisms, { ...needs, isStopping: () => this.#stopping });
  }
}
