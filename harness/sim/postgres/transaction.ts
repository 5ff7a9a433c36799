import type { SerializableTransaction } from "./serializable-transaction.ts";
import type { UndoEntry } from "./undo-entry.ts";

/** The isolation levels that PostgreSQL tells apart (READ UNCOMMITTED is READ COMMITTED there). */
export type IsolationLevel = "read committed" | "repeatable read" | "serializable";

/** Something that waits for a transaction to end. */
export interface TransactionWaiter {
  /** The transaction ended, or gave up a part of its locks. */
  wake(): void;
}

/** A place to roll back to. */
export interface Savepoint {
  readonly name: string;
  readonly undoLength: number;
}

/** One transaction of the model: what it sees, what it wrote, and who waits for it. */
export class Transaction {
  /** The backend's number, for messages and for the search of deadlocks. */
  readonly backend: number;
  readonly isolation: IsolationLevel;
  readonly readOnly: boolean;
  /** Virtual nanoseconds of the begin: what `now()` answers all along the transaction. */
  readonly startedNs: number;
  state: "active" | "committed" | "aborted" = "active";
  /** Given by the first write or lock; orders the holders of a shared lock. 0: none yet. */
  xid = 0;
  /** Its place in the order of commits; 0 until it commits. */
  commitSeq = 0;
  /** The number of the current statement: what this statement writes is not visible to itself. */
  command = 0;
  /** The last commit that the current statement sees; −1 before the first statement. */
  snapshotSeq = -1;
  /** Every physical change, oldest first. */
  readonly undo: UndoEntry[] = [];
  readonly savepoints: Savepoint[] = [];
  readonly waiters: TransactionWaiter[] = [];
  /** Set for SERIALIZABLE only. */
  serializable: SerializableTransaction | null = null;

  constructor(backend: number, isolation: IsolationLevel, readOnly: boolean, startedNs: number) {
    this.backend = backend;
    this.isolation = isolation;
    this.readOnly = readOnly;
    this.startedNs = startedNs;
  }

  /** REPEATABLE READ and SERIALIZABLE keep the snapshot of their first statement. */
  get keepsSnapshot(): boolean {
    return this.isolation !== "read committed";
  }
}
