import type { AccessPath } from "./access-path.ts";
import type { BoundExpression } from "./bound-expression.ts";
import { evaluate } from "./evaluate.ts";
import type { Execution } from "./execution.ts";
import type { SerializableTransaction } from "./serializable-transaction.ts";
import type { Table } from "./table.ts";
import { isVisible, type Tuple } from "./tuple.ts";

/** The visible rows that satisfy the condition, in the order of the heap. */
export function readTuples(
  execution: Execution,
  table: Table,
  path: AccessPath,
  condition: BoundExpression | null,
): Tuple[] {
  const { transaction } = execution;
  const { serializable } = transaction;
  if (serializable !== null) noteSearch(execution, serializable, table, path);
  const found: Tuple[] = [];
  if (path === null) {
    for (const tuple of table.heap) visit(execution, table, tuple, condition, false, found);
    return found;
  }
  for (const key of path.keys) {
    for (const tuple of path.index.find(key)) visit(execution, table, tuple, condition, true, found);
  }
  if (path.keys.length > 1) found.sort((a, b) => a.indexPosition - b.indexPosition);
  return found;
}

/** Whether the row satisfies the condition; null and false do not. */
export function satisfies(execution: Execution, tuple: Tuple, condition: BoundExpression | null): boolean {
  return condition === null || evaluate(condition, tuple.values, execution.evaluation) === true;
}

function visit(
  execution: Execution,
  table: Table,
  tuple: Tuple,
  condition: BoundExpression | null,
  byIndex: boolean,
  found: Tuple[],
): void {
  if (tuple.removed) return;
  const { transaction } = execution;
  const visible = isVisible(tuple, transaction);
  if (transaction.serializable !== null) noteTuple(execution, table, tuple, visible, byIndex);
  if (visible && satisfies(execution, tuple, condition)) found.push(tuple);
}

function noteSearch(
  execution: Execution,
  serializable: SerializableTransaction,
  table: Table,
  path: AccessPath,
): void {
  execution.store.conflicts.noteRead(serializable, path === null ? table.readers : path.index.readers);
}

/**
 * What PostgreSQL's CheckForSerializableConflictOut does for every version that a scan touches; nothing
 * outside of SERIALIZABLE.
 */
export function noteTuple(
  execution: Execution,
  table: Table,
  tuple: Tuple,
  visible: boolean,
  byIndex: boolean,
): void {
  const { store, transaction } = execution;
  const { serializable } = transaction;
  if (serializable === null) return;
  const { creator, updater } = tuple;
  if (serializable.doomed) store.conflicts.checkOut(serializable, serializable);
  const seen =
    creator === transaction || (creator.commitSeq !== 0 && creator.commitSeq <= transaction.snapshotSeq);
  const writer = seen ? (visible ? updater : null) : creator;
  if (writer !== null && writer !== transaction && writer.serializable !== null) {
    store.conflicts.checkOut(serializable, writer.serializable);
  }
  if (visible && byIndex) {
    tuple.readers ??= [];
    store.conflicts.noteRowRead(serializable, tuple.readers, table.readers);
  }
}
