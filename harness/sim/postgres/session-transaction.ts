import type { RandomStream } from "../../random/random-stream.ts";
import type { Scheduler } from "../scheduler.ts";
import type { Owner, SimEvent } from "../sim-event.ts";
import { PostgresError } from "./postgres-error.ts";
import type { PostgresSettings } from "./postgres-settings.ts";
import type { SessionRequest } from "./session-request.ts";
import type { Store } from "./store.ts";
import { type IsolationLevel, Transaction } from "./transaction.ts";

/** What a session's transactions need from the server. */
export interface TransactionHost {
  readonly scheduler: Scheduler;
  readonly random: RandomStream;
  readonly settings: PostgresSettings;
  readonly store: Store;
  readonly life: Owner;
  readonly inRecovery: boolean;
}

/**
 * The transaction state of one session: none, a transaction block, an aborted block (25P02 until its
 * end), or the implicit transaction of one statement.
 */
export class SessionTransaction {
  /** The command tag of the last control request: an aborted block's COMMIT answers ROLLBACK. */
  command = "";
  readonly #host: TransactionHost;
  readonly #backend: number;
  #current: Transaction | null = null;
  #block = false;
  #failed = false;
  /** The moment when an error's locks are freed, if that is still to come. */
  #release: SimEvent | null = null;

  constructor(host: TransactionHost, backend: number) {
    this.#host = host;
    this.#backend = backend;
  }

  /** Whether a transaction block is open. */
  get open(): boolean {
    return this.#block;
  }

  /** Executes a transaction control request; false where the request is a statement. */
  control(request: SessionRequest): boolean {
    this.#releaseNow();
    switch (request.kind) {
      case "begin":
        this.#begin(request.isolation, request.readOnly);
        return true;
      case "commit":
        this.#commit();
        return true;
      case "rollback":
        this.command = "ROLLBACK";
        this.abort();
        return true;
      case "savepoint":
      case "rollback to":
      case "release":
        this.#savepoint(request.kind, request.name);
        return true;
      default:
        this.#refuseFailed();
        return false;
    }
  }

  /** The transaction in which a statement runs: the block's, or one of its own. */
  forStatement(): Transaction {
    this.#current ??= this.#make(null, false);
    return this.#current;
  }

  /** A statement ended well: its own transaction commits. Throws 40001 where that fails. */
  statementDone(): void {
    const current = this.#current;
    if (current === null) return;
    if (this.#block) {
      if (!current.keepsSnapshot) current.snapshotSeq = -1;
      return;
    }
    this.#host.store.commit(current);
    this.#current = null;
  }

  /** A statement failed: its block is aborted, its locks are free now or a moment later. */
  fail(): void {
    const current = this.#current;
    this.#failed = this.#block;
    if (current === null || current.state !== "active") {
      this.#current = null;
      return;
    }
    const savepoint = current.savepoints.at(-1);
    if (savepoint !== undefined) {
      this.#undoTo(current, savepoint.undoLength);
      return;
    }
    this.#current = null;
    const { scheduler, random, settings, store, life } = this.#host;
    const lagNs =
      random.integer(0, 1) === 0 ? 0 : random.integer(0, Math.round(settings.releaseLagMsMax * 1e6));
    if (lagNs === 0) {
      store.abort(current);
      return;
    }
    this.#release = scheduler.schedule(lagNs, "release locks", () => store.abort(current), {
      owner: life,
      internal: true,
    });
  }

  /** Rolls back whatever is open. */
  abort(): void {
    this.#releaseNow();
    const current = this.#current;
    this.#current = null;
    this.#block = false;
    this.#failed = false;
    if (current !== null && current.state === "active") this.#host.store.abort(current);
  }

  /** The transaction's start on the server's clock, in microseconds since 1970. */
  nowMicros(): number {
    const startedNs = this.#current?.startedNs ?? this.#host.scheduler.now;
    return this.#host.settings.epochMs * 1000 + Math.floor(startedNs / 1000);
  }

  #begin(isolation: IsolationLevel | null, readOnly: boolean): void {
    this.command = "BEGIN";
    this.#refuseFailed();
    if (this.#block) return;
    this.#block = true;
    this.#current = this.#make(isolation, readOnly);
  }

  #commit(): void {
    const current = this.#current;
    this.command = this.#failed ? "ROLLBACK" : "COMMIT";
    if (this.#failed || current === null) {
      this.abort();
      return;
    }
    try {
      this.#host.store.commit(current);
      this.#current = null;
    } finally {
      // After a commit that failed the block is over: the session is idle again.
      this.#block = false;
    }
  }

  #savepoint(kind: "savepoint" | "rollback to" | "release", name: string): void {
    this.command = kind === "rollback to" ? "ROLLBACK" : kind.toUpperCase();
    const current = this.#current;
    if (!this.#block) {
      throw new PostgresError("25P01", `${kind.toUpperCase()} can only be used in transaction blocks`);
    }
    if (kind !== "rollback to") this.#refuseFailed();
    if (kind === "savepoint") {
      current?.savepoints.push({ name, undoLength: current.undo.length });
      return;
    }
    const at = current?.savepoints.findLastIndex((savepoint) => savepoint.name === name) ?? -1;
    const savepoint = current?.savepoints[at];
    if (current === null || savepoint === undefined) {
      throw new PostgresError("3B001", `savepoint "${name}" does not exist`);
    }
    if (kind === "release") current.savepoints.length = at;
    else {
      current.savepoints.length = at + 1;
      this.#undoTo(current, savepoint.undoLength);
      this.#failed = false;
    }
  }

  #undoTo(transaction: Transaction, length: number): void {
    this.#host.store.undoTo(transaction, length);
    for (const waiter of transaction.waiters.splice(0)) waiter.wake();
  }

  #make(isolation: IsolationLevel | null, readOnly: boolean): Transaction {
    const { scheduler, settings, store, inRecovery } = this.#host;
    const level = isolation ?? settings.defaultIsolationLevel;
    if (inRecovery && level === "serializable") {
      throw new PostgresError("0A000", "cannot use serializable mode in a hot standby", {
        hint: "You can use REPEATABLE READ instead.",
      });
    }
    const transaction = new Transaction(this.#backend, level, readOnly || inRecovery, scheduler.now);
    store.active.push(transaction);
    return transaction;
  }

  #refuseFailed(): void {
    if (!this.#failed) return;
    throw new PostgresError(
      "25P02",
      "current transaction is aborted, commands ignored until end of transaction block",
    );
  }

  #releaseNow(): void {
    const release = this.#release;
    this.#release = null;
    const { run } = release ?? { run: null };
    if (release === null || run === null) return;
    this.#host.scheduler.cancel(release);
    run();
  }
}
