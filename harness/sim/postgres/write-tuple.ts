import type { Execution, Steps } from "./execution.ts";
import { queueChildCheck, queueParentCheck } from "./foreign-key-check.ts";
import type { RowLockMode } from "./row-lock.ts";
import type { StoredValue } from "./stored-value.ts";
import { compareStored } from "./stored-values.ts";
import type { Table } from "./table.ts";
import type { Tuple } from "./tuple.ts";
import { enterIndex } from "./unique-check.ts";

/** The lock that replacing these values by those takes: the strongest one only where a key changes. */
export function lockForChange(
  table: Table,
  before: readonly StoredValue[],
  after: readonly StoredValue[],
): RowLockMode {
  const changed = table.hasKeyColumn((position) => differs(before, after, position));
  return changed ? "update" : "no key update";
}

/** Writes a new row and enters it into every index, in order. */
export function* insertTuple(
  execution: Execution,
  table: Table,
  values: readonly StoredValue[],
): Steps<Tuple> {
  const tuple = appendTuple(execution, table, values);
  for (const index of table.indexes) yield* enterIndex(execution, table, index, tuple);
  queueChildCheck(execution, table, tuple);
  return tuple;
}

/** Writes a new version into the heap only; the indexes are the caller's business. */
export function appendTuple(execution: Execution, table: Table, values: readonly StoredValue[]): Tuple {
  const { store, transaction } = execution;
  store.assignXid(transaction);
  const { serializable } = transaction;
  if (serializable !== null) store.conflicts.checkIn(serializable, table.readers);
  const tuple = table.append(values, transaction, transaction.command);
  transaction.undo.push({ undo: () => table.remove(tuple), settle: () => {} });
  return tuple;
}

/** Replaces a version that the transaction may change (see `awaitTuple`) by a new one. */
export function* replaceTuple(
  execution: Execution,
  table: Table,
  tuple: Tuple,
  values: readonly StoredValue[],
): Steps<Tuple> {
  const { store, transaction } = execution;
  checkWriteConflicts(execution, table, tuple);
  store.assignXid(transaction);
  // A stronger lock that the transaction holds already makes the update as strong.
  const locked =
    tuple.lockers?.some((lock) => lock.transaction === transaction && lock.mode === "update") === true;
  const mode = locked ? "update" : lockForChange(table, tuple.values, values);
  const next = table.append(values, transaction, transaction.command);
  next.lockers =
    tuple.lockers?.filter(({ transaction: holder }) => holder !== transaction && holder.state === "active") ??
    null;
  endTuple(execution, table, tuple, mode, next);
  const moved = table.indexes.some((index) => index.columns.some((at) => differs(tuple.values, values, at)));
  if (!moved) next.indexPosition = tuple.indexPosition;
  for (const index of table.indexes) {
    if (moved) yield* enterIndex(execution, table, index, next);
    else index.add(next);
  }
  queueChildCheck(execution, table, next, tuple);
  queueParentCheck(execution, table, tuple, next);
  return next;
}

/** Deletes a version that the transaction may change. */
export function deleteTuple(execution: Execution, table: Table, tuple: Tuple): void {
  checkWriteConflicts(execution, table, tuple);
  execution.store.assignXid(execution.transaction);
  endTuple(execution, table, tuple, "update", null);
  queueParentCheck(execution, table, tuple, null);
}

function endTuple(
  execution: Execution,
  table: Table,
  tuple: Tuple,
  mode: RowLockMode,
  next: Tuple | null,
): void {
  const { store, transaction } = execution;
  tuple.updater = transaction;
  tuple.updatedCommand = transaction.command;
  tuple.updaterMode = mode;
  tuple.next = next;
  transaction.undo.push({
    undo: () => {
      tuple.updater = null;
      tuple.next = null;
      if (next !== null) table.remove(next);
    },
    settle: (seq) => store.discard(table, tuple, seq),
  });
}

function checkWriteConflicts(execution: Execution, table: Table, tuple: Tuple): void {
  const { serializable } = execution.transaction;
  if (serializable === null) return;
  const { conflicts } = execution.store;
  conflicts.checkIn(serializable, tuple.readers ?? []);
  conflicts.checkIn(serializable, table.readers);
}

function differs(before: readonly StoredValue[], after: readonly StoredValue[], position: number): boolean {
  const old = before[position] ?? null;
  const now = after[position] ?? null;
  if (old === now) return false;
  return old === null || now === null || compareStored(old, now) !== 0;
}
