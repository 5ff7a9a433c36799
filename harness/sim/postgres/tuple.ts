import type { RowLockMode } from "./row-lock.ts";
import { rowLockCovers, rowLocksConflict } from "./row-lock.ts";
import type { SerializableTransaction } from "./serializable-transaction.ts";
import type { StoredValue } from "./stored-value.ts";
import type { Transaction } from "./transaction.ts";
import type { TupleQueue } from "./tuple-queue.ts";

/** A lock on a row version that changes nothing in it. */
export interface TupleLocker {
  readonly transaction: Transaction;
  readonly mode: RowLockMode;
}

/**
 * One version of a row. An update makes a new version and leaves a forward link in the old one, as in
 * PostgreSQL's heap.
 */
export class Tuple {
  readonly values: readonly StoredValue[];
  readonly creator: Transaction;
  readonly createdCommand: number;
  /** Who deleted or replaced this version, unless it aborted. */
  updater: Transaction | null = null;
  updatedCommand = 0;
  /** "update" where the row was deleted or a key changed, else "no key update". */
  updaterMode: RowLockMode = "update";
  /** The version that replaced this one; null for a deleted row. */
  next: Tuple | null = null;
  lockers: TupleLocker[] | null = null;
  queue: TupleQueue | null = null;
  /** Serializable transactions that read this version. */
  readers: SerializableTransaction[] | null = null;
  /** Its place in the heap: grows with every version of the table. */
  readonly position: number;
  /** Where its index entries point: the first version of a chain in which no indexed column changed. */
  indexPosition: number;
  /** Taken out of the heap: invisible to everybody from now on. */
  removed = false;

  constructor(
    values: readonly StoredValue[],
    creator: Transaction,
    createdCommand: number,
    position: number,
  ) {
    this.values = values;
    this.position = position;
    this.indexPosition = position;
    this.creator = creator;
    this.createdCommand = createdCommand;
  }
}

/** Whether the transaction's current snapshot sees this version. */
export function isVisible(tuple: Tuple, transaction: Transaction): boolean {
  return isVisibleAt(tuple, transaction, transaction.snapshotSeq, transaction.command);
}

/** Whether a snapshot of this transaction taken after commit `seq`, before `command`, sees this version. */
export function isVisibleAt(tuple: Tuple, transaction: Transaction, seq: number, command: number): boolean {
  const { creator, updater } = tuple;
  if (creator === transaction) {
    if (tuple.createdCommand >= command) return false;
  } else if (creator.commitSeq === 0 || creator.commitSeq > seq) return false;
  if (updater === null) return true;
  if (updater === transaction) return tuple.updatedCommand >= command;
  return updater.commitSeq === 0 || updater.commitSeq > seq;
}

/**
 * What stands between a transaction and a lock on this version: "free"; "self" (it changed the row
 * itself); "updated" or "deleted" by a committed transaction; or the transaction to wait for.
 */
export function lockState(
  tuple: Tuple,
  transaction: Transaction,
  mode: RowLockMode,
): "free" | "self" | "updated" | "deleted" | Transaction {
  const { updater } = tuple;
  let blocker: Transaction | null = null;
  if (updater !== null) {
    if (updater === transaction) return "self";
    if (rowLocksConflict(mode, tuple.updaterMode)) {
      if (updater.state === "active") blocker = updater;
      else if (updater.state === "committed") return tuple.next === null ? "deleted" : "updated";
    }
  }
  if (tuple.lockers !== null) {
    for (const locker of tuple.lockers) {
      const holder = locker.transaction;
      if (holder === transaction || holder.state !== "active" || !rowLocksConflict(mode, locker.mode))
        continue;
      if (blocker === null || holder.xid < blocker.xid) blocker = holder;
    }
  }
  return blocker ?? "free";
}

/** Notes the lock; answers false if the transaction holds one as strong already. */
export function addLocker(tuple: Tuple, transaction: Transaction, mode: RowLockMode): boolean {
  if (tuple.lockers === null) {
    tuple.lockers = [{ transaction, mode }];
    return true;
  }
  for (const locker of tuple.lockers) {
    if (locker.transaction === transaction && rowLockCovers(locker.mode, mode)) return false;
  }
  tuple.lockers = tuple.lockers.filter((locker) => locker.transaction.state === "active");
  tuple.lockers.push({ transaction, mode });
  return true;
}
