import { describeKey } from "./check-row.ts";
import type { Execution, Steps } from "./execution.ts";
import { PostgresError } from "./postgres-error.ts";
import type { StoredValue } from "./stored-value.ts";
import type { Table } from "./table.ts";
import type { TableIndex } from "./table-index.ts";
import type { Transaction } from "./transaction.ts";
import type { Tuple } from "./tuple.ts";

/**
 * The row that has the key already, once no insert, update or delete of it is in flight any more.
 * A row that is only locked counts at once, as in PostgreSQL.
 */
export function* findDuplicate(
  execution: Execution,
  index: TableIndex,
  values: readonly StoredValue[],
  own: Tuple | null,
): Steps<Tuple | null> {
  const key = index.keyOf(values);
  if (key === null) return null;
  for (;;) {
    const found = probe(index.find(key), execution.transaction, own);
    if (found === null) return null;
    if (found.writer === null) return found.tuple;
    yield { kind: "transaction", transaction: found.writer };
  }
}

/** Whether the key is taken, or about to be, by anything but `own`; does not wait. */
export function isKeyContended(
  execution: Execution,
  index: TableIndex,
  values: readonly StoredValue[],
  own: Tuple,
): boolean {
  const key = index.keyOf(values);
  return key !== null && probe(index.find(key), execution.transaction, own) !== null;
}

/** `duplicate key value violates unique constraint` (23505). */
export function duplicateKey(table: Table, index: TableIndex, values: readonly StoredValue[]): PostgresError {
  return new PostgresError("23505", `duplicate key value violates unique constraint "${index.name}"`, {
    table: table.name,
    constraint: index.name,
    detail: `Key ${describeKey(table, index.columns, values)} already exists.`,
  });
}

/**
 * Enters a version into an index, checking uniqueness as PostgreSQL's btree does: waits for writers of
 * the key, then 23505; 40001 first where a serializable conflict says so.
 */
export function* enterIndex(
  execution: Execution,
  table: Table,
  index: TableIndex,
  tuple: Tuple,
): Steps<void> {
  const { serializable } = execution.transaction;
  const waits = index.unique && isKeyContended(execution, index, tuple.values, tuple);
  if (index.unique) {
    const duplicate = yield* findDuplicate(execution, index, tuple.values, tuple);
    if (duplicate !== null) {
      if (serializable !== null) execution.store.conflicts.checkIn(serializable, index.readers);
      throw duplicateKey(table, index, tuple.values);
    }
  }
  if (serializable !== null) execution.store.conflicts.checkIn(serializable, index.readers);
  index.add(tuple);
  // Others that waited for the same transaction wake up now too, and may come in between two indexes.
  if (waits) yield { kind: "pause" };
}

function probe(
  tuples: readonly Tuple[],
  me: Transaction,
  own: Tuple | null,
): { readonly tuple: Tuple; readonly writer: Transaction | null } | null {
  for (const tuple of tuples) {
    if (tuple === own) continue;
    const { creator, updater } = tuple;
    if (creator !== me && creator.state === "active") return { tuple, writer: creator };
    if (updater === null) return { tuple, writer: null };
    if (updater !== me && updater.state === "active") return { tuple, writer: updater };
  }
  return null;
}
