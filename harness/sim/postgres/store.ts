import { SerializableConflicts } from "./serializable-conflicts.ts";
import { SerializableTransaction } from "./serializable-transaction.ts";
import type { Table } from "./table.ts";
import type { Transaction } from "./transaction.ts";
import type { Tuple } from "./tuple.ts";

/** Dead row versions that may pile up before somebody looks whether they can go. */
const garbageTolerance = 32;

interface Garbage {
  readonly table: Table;
  readonly tuple: Tuple;
  readonly seq: number;
}

/** Another store that sees the tables of this one as they were some commits ago. */
interface Follower {
  /** The oldest commit that one of its snapshots, or its next one, ends with. */
  oldestSnapshotSeq(): number;
  /** Commit number `seq` has happened. */
  committed(seq: number): void;
}

/** The data of a server: its tables, the order of its commits, and the row versions to clean up. */
export class Store {
  readonly tables: Map<string, Table>;
  readonly conflicts: SerializableConflicts = new SerializableConflicts();
  /** Transactions that have begun and not ended, oldest first. */
  readonly active: Transaction[] = [];
  /** The number of the last commit. */
  commitSeq = 0;
  readonly followers: Follower[] = [];
  #nextXid = 1;
  #garbage: Garbage[] = [];

  /** With tables of its own; or those of another store, which it only reads, up to its own `commitSeq`. */
  constructor(tables: Map<string, Table> = new Map()) {
    this.tables = tables;
  }

  /** The snapshot of a statement: taken anew, unless the isolation level keeps the first one. */
  takeSnapshot(transaction: Transaction): void {
    transaction.command++;
    if (!transaction.keepsSnapshot) transaction.snapshotSeq = this.commitSeq;
    else if (transaction.snapshotSeq < 0) {
      transaction.snapshotSeq = this.commitSeq;
      if (transaction.isolation === "serializable") {
        transaction.serializable = new SerializableTransaction(transaction.readOnly);
        this.conflicts.begin(transaction.serializable, this.#oldestXid());
      }
    }
  }

  /** Gives the transaction its number, at its first write or lock. */
  assignXid(transaction: Transaction): void {
    if (transaction.xid === 0) transaction.xid = this.#nextXid++;
  }

  /** Makes everything that the transaction wrote visible. Throws 40001 where that may not be. */
  commit(transaction: Transaction): void {
    const { serializable } = transaction;
    if (serializable !== null) this.conflicts.prepare(serializable);
    transaction.state = "committed";
    if (transaction.undo.length > 0) {
      transaction.commitSeq = ++this.commitSeq;
      for (const entry of transaction.undo) entry.settle(transaction.commitSeq);
      for (const follower of this.followers) follower.committed(transaction.commitSeq);
    }
    this.#finish(transaction, true);
  }

  /** Takes back everything that the transaction wrote, and frees its locks. */
  abort(transaction: Transaction): void {
    this.undoTo(transaction, 0);
    transaction.state = "aborted";
    this.#finish(transaction, false);
  }

  /** Takes back what was written since the undo list had this length. */
  undoTo(transaction: Transaction, length: number): void {
    const { undo } = transaction;
    while (undo.length > length) undo.pop()?.undo();
  }

  /** The server died, and its sessions with it: sequences skip what they had taken ahead. */
  crash(): void {
    this.conflicts.clear();
    for (const transaction of [...this.active]) this.abort(transaction);
    for (const table of this.tables.values()) {
      for (const column of table.columns) column.sequence?.crash();
    }
  }

  /** The commit up to which every snapshot sees everything: versions that died before can go. */
  oldestSnapshotSeq(): number {
    let oldest = this.commitSeq;
    for (const { snapshotSeq } of this.active) {
      if (snapshotSeq >= 0 && snapshotSeq < oldest) oldest = snapshotSeq;
    }
    return oldest;
  }

  /** The version died with commit `seq`; it goes when no snapshot sees it any more. */
  discard(table: Table, tuple: Tuple, seq: number): void {
    this.#garbage.push({ table, tuple, seq });
  }

  #finish(transaction: Transaction, committed: boolean): void {
    const { serializable, waiters } = transaction;
    if (serializable !== null) this.conflicts.finish(serializable, committed, this.#nextXid);
    const index = this.active.indexOf(transaction);
    if (index >= 0) this.active.splice(index, 1);
    transaction.undo.length = 0;
    if (waiters.length > 0) for (const waiter of waiters.splice(0)) waiter.wake();
    if (this.#garbage.length > garbageTolerance) this.#clean();
  }

  #clean(): void {
    let oldest = this.oldestSnapshotSeq();
    for (const follower of this.followers) oldest = Math.min(oldest, follower.oldestSnapshotSeq());
    let kept = 0;
    while (kept < this.#garbage.length && (this.#garbage[kept] as Garbage).seq <= oldest) {
      const { table, tuple } = this.#garbage[kept++] as Garbage;
      table.remove(tuple);
    }
    this.#garbage = this.#garbage.slice(kept);
  }

  #oldestXid(): number {
    let oldest = this.#nextXid;
    for (const { xid } of this.active) if (xid !== 0 && xid < oldest) oldest = xid;
    return oldest;
  }
}
