import type { RandomStream } from "../../random/random-stream.ts";
import type { Scheduler } from "../scheduler.ts";
import type { Owner, SimEvent } from "../sim-event.ts";
import type { Wait } from "./execution.ts";
import { PostgresError } from "./postgres-error.ts";
import type { PostgresSettings } from "./postgres-settings.ts";
import type { TransactionWaiter } from "./transaction.ts";

/** What a wait needs from the server. */
export interface LockWaitHost {
  readonly scheduler: Scheduler;
  readonly random: RandomStream;
  readonly settings: PostgresSettings;
  readonly life: Owner;
}

/** A wait for somebody else. */
export type BlockedWait = Exclude<Wait, { readonly kind: "pause" }>;

/** Who waits: told when it is over, for better or worse. */
export interface LockWaiter extends TransactionWaiter {
  /** The wait ended with an error. */
  fail(error: PostgresError): void;
  /** The deadlock that this waiter is part of, if there is one by now. */
  findDeadlock(): PostgresError | null;
}

/** One wait of one statement, with the timers that may end it. */
export class LockWait {
  readonly wait: BlockedWait;
  readonly #scheduler: Scheduler;
  readonly #waiter: LockWaiter;
  readonly #timers: SimEvent[] = [];

  constructor({ scheduler, random, settings, life }: LockWaitHost, waiter: LockWaiter, wait: BlockedWait) {
    this.#scheduler = scheduler;
    this.#waiter = waiter;
    this.wait = wait;
    if (wait.kind === "transaction") wait.transaction.waiters.push(waiter);
    const options = { owner: life, internal: true };
    // Of two who began to wait at nearly the same time, either may look first.
    const jitterNs = random.integer(0, Math.round(settings.wakeUpMsMax * 2e6));
    const delayNs = settings.deadlockTimeoutMs * 1e6 + jitterNs;
    this.#timers.push(scheduler.schedule(delayNs, "deadlock check", () => this.#checkDeadlock(), options));
    if (settings.lockTimeoutMs > 0) {
      this.#timers.push(
        scheduler.schedule(settings.lockTimeoutMs * 1e6, "lock timeout", () => this.#timeOut(), options),
      );
    }
  }

  /** The backends that this wait is for. */
  blockers(): readonly number[] {
    return this.wait.kind === "transaction"
      ? [this.wait.transaction.backend]
      : this.wait.queue.ahead(this.wait.place);
  }

  /** Ends the wait without a word. */
  end(): void {
    for (const timer of this.#timers) this.#scheduler.cancel(timer);
    if (this.wait.kind !== "transaction") return;
    const { waiters } = this.wait.transaction;
    const index = waiters.indexOf(this.#waiter);
    if (index >= 0) waiters.splice(index, 1);
  }

  #checkDeadlock(): void {
    const deadlock = this.#waiter.findDeadlock();
    if (deadlock !== null) this.#waiter.fail(deadlock);
  }

  #timeOut(): void {
    this.#waiter.fail(new PostgresError("55P03", "canceling statement due to lock timeout"));
  }
}
