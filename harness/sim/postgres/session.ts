import type { RandomStream } from "../../random/random-stream.ts";
import type { Scheduler } from "../scheduler.ts";
import type { Owner, SimEvent } from "../sim-event.ts";
import { executeStatement } from "./execute-statement.ts";
import type { Execution, Steps, Wait } from "./execution.ts";
import { LockWait, type LockWaiter } from "./lock-wait.ts";
import { PostgresError } from "./postgres-error.ts";
import type { PostgresSettings } from "./postgres-settings.ts";
import type { SessionRequest, SessionResponse } from "./session-request.ts";
import { SessionTransaction } from "./session-transaction.ts";
import type { Statement, StatementResult } from "./statement.ts";
import type { Store } from "./store.ts";
import { UnsupportedByPostgresModelError } from "./unsupported-by-postgres-model-error.ts";
import type { WalPositions } from "./wal-position.ts";

/** What a session needs from its server. */
export interface SessionHost {
  readonly scheduler: Scheduler;
  readonly random: RandomStream;
  readonly settings: PostgresSettings;
  readonly store: Store;
  /** The server's life: its events die with it. */
  readonly life: Owner;
  /** Is it a standby? Then nothing can be written. */
  readonly inRecovery: boolean;
  readonly wal: WalPositions;
  findDeadlock(backend: number): PostgresError | null;
  /** The session is over. */
  forget(session: Session): void;
}

type Respond = (response: SessionResponse) => void;

/**
 * One connection's backend: executes requests one at a time; a statement that has to wait is suspended
 * and goes on in a later event. What it holds is freed when it ends, however it ends.
 */
export class Session implements LockWaiter {
  readonly backend: number;
  /** The server ended the session: the connection is closed, with or without an error. */
  onLost: ((error: PostgresError | null) => void) | null = null;
  readonly #host: SessionHost;
  readonly #transaction: SessionTransaction;
  #steps: Steps<StatementResult> | null = null;
  #respond: Respond | null = null;
  #wait: LockWait | null = null;
  #resume: SimEvent | null = null;
  #statementTimer: SimEvent | null = null;
  #idleTimer: SimEvent | null = null;
  #closing = false;
  #over = false;

  constructor(host: SessionHost, backend: number) {
    this.#host = host;
    this.backend = backend;
    this.#transaction = new SessionTransaction(host, backend);
  }

  /** Whether a transaction block is open. */
  get inTransaction(): boolean {
    return this.#transaction.open;
  }

  /** Ends the session at once, whatever it does, and tells its client why. */
  terminate(error: PostgresError): void {
    this.#steps?.return({ command: "", rowCount: 0, rows: [] });
    this.#steps = null;
    this.#end();
    this.onLost?.(error);
  }

  /** The backends that the session waits for; none while it runs. */
  get blockers(): readonly number[] {
    return this.#wait?.blockers() ?? [];
  }

  /** Executes a request; answers now or in a later event. */
  receive(request: SessionRequest, respond: Respond): void {
    if (this.#over) return;
    if (this.#idleTimer !== null) this.#host.scheduler.cancel(this.#idleTimer);
    this.#idleTimer = null;
    this.#respond = respond;
    try {
      if (this.#transaction.control(request)) {
        this.#answer({ ok: true, result: { command: this.#transaction.command, rowCount: 0, rows: [] } });
      } else this.#start(request as Statement);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** The client is gone. A statement that waits goes on first: PostgreSQL does not look at the socket. */
  close(): void {
    if (this.#steps === null) this.#end();
    else this.#closing = true;
  }

  /** The server dies: drops everything at once. */
  abandon(): void {
    this.#stopTimers();
    this.#steps?.return({ command: "", rowCount: 0, rows: [] });
    this.#steps = null;
    this.#over = true;
    this.#transaction.abort();
  }

  wake(): void {
    if (this.#wait?.wait.kind === "transaction") this.#scheduleResume();
  }

  fail(error: PostgresError): void {
    if (this.#steps === null) return;
    this.#stopWaiting();
    this.#advance(error);
  }

  findDeadlock(): PostgresError | null {
    return this.#host.findDeadlock(this.backend);
  }

  #start(statement: Statement): void {
    const { store, random } = this.#host;
    const transaction = this.#transaction.forStatement();
    store.takeSnapshot(transaction);
    const execution: Execution = {
      backend: this.backend,
      transaction,
      store,
      random,
      evaluation: { nowMicros: this.#transaction.nowMicros(), aggregates: [], wal: this.#host.wal },
      afterwards: [],
      wakeInQueue: () => this.#wakeInQueue(),
    };
    this.#steps = executeStatement(execution, statement);
    this.#advance(null);
  }

  #advance(error: PostgresError | null): void {
    const steps = this.#steps;
    if (steps === null) return;
    let next: IteratorResult<Wait, StatementResult>;
    try {
      next = error === null ? steps.next() : steps.throw(error);
      if (next.done !== true) {
        this.#suspend(next.value);
        return;
      }
      this.#transaction.statementDone();
    } catch (thrown) {
      this.#fail(thrown);
      return;
    }
    this.#answer({ ok: true, result: next.value });
  }

  #suspend(wait: Wait): void {
    const { scheduler, settings, life } = this.#host;
    if (this.#statementTimer === null && settings.statementTimeoutMs > 0) {
      this.#statementTimer = scheduler.schedule(
        settings.statementTimeoutMs * 1e6,
        "statement timeout",
        () => this.fail(new PostgresError("57014", "canceling statement due to statement timeout")),
        { owner: life, internal: true },
      );
    }
    // Most often nobody comes in between; now and then there is time for all who woke.
    if (wait.kind === "pause") this.#scheduleResume(this.#host.random.integer(0, 1));
    else this.#wait = new LockWait(this.#host, this, wait);
  }

  #wakeInQueue(): void {
    const wait = this.#wait?.wait;
    if (wait?.kind === "turn" && !wait.queue.mustWait(wait.place)) this.#scheduleResume();
  }

  #scheduleResume(share = 1): void {
    const { scheduler, random, settings, life } = this.#host;
    this.#wait?.end();
    this.#wait = null;
    const delayNs = random.integer(0, Math.round(settings.wakeUpMsMax * 1e6)) * share;
    this.#resume = scheduler.schedule(delayNs, "wake", () => this.#advance(null), {
      owner: life,
      internal: true,
    });
  }

  #stopWaiting(): void {
    this.#wait?.end();
    this.#wait = null;
    if (this.#resume !== null) this.#host.scheduler.cancel(this.#resume);
    this.#resume = null;
  }

  #stopTimers(): void {
    this.#stopWaiting();
    if (this.#statementTimer !== null) this.#host.scheduler.cancel(this.#statementTimer);
    if (this.#idleTimer !== null) this.#host.scheduler.cancel(this.#idleTimer);
    this.#statementTimer = null;
    this.#idleTimer = null;
  }

  #fail(error: unknown): void {
    if (!(error instanceof PostgresError) && !(error instanceof UnsupportedByPostgresModelError)) throw error;
    this.#transaction.fail();
    this.#answer({ ok: false, error });
  }

  #answer(response: SessionResponse): void {
    this.#steps = null;
    this.#stopTimers();
    const respond = this.#respond;
    this.#respond = null;
    if (this.#closing) {
      this.#end();
      return;
    }
    this.#watchIdleTransaction();
    respond?.(response);
  }

  #watchIdleTransaction(): void {
    const { scheduler, settings, life } = this.#host;
    if (settings.idleInTransactionTimeoutMs === 0 || !this.#transaction.open) return;
    this.#idleTimer = scheduler.schedule(
      settings.idleInTransactionTimeoutMs * 1e6,
      "idle in transaction timeout",
      () =>
        this.terminate(
          new PostgresError("25P03", "terminating connection due to idle-in-transaction timeout", {
            severity: "FATAL",
          }),
        ),
      { owner: life, internal: true },
    );
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#stopTimers();
    this.#transaction.abort();
    this.#host.forget(this);
  }
}
