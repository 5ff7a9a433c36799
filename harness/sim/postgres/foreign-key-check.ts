import { describeKey } from "./check-row.ts";
import type { Execution, Steps } from "./execution.ts";
import { concurrentChange, followToLatest, type LockRequest, lockTuple } from "./lock-tuple.ts";
import { PostgresError } from "./postgres-error.ts";
import { noteTuple } from "./read-tuples.ts";
import type { StoredValue } from "./stored-value.ts";
import { compareStored } from "./stored-values.ts";
import type { ForeignKey, Table } from "./table.ts";
import { isVisibleAt, type Tuple } from "./tuple.ts";

const keyShare: LockRequest = { mode: "key share", policy: "wait", followUpdates: true };

/** Notes that the row's parents are to be looked up (and locked) at the end of the statement. */
export function queueChildCheck(execution: Execution, table: Table, tuple: Tuple, before?: Tuple): void {
  for (const key of table.foreignKeys) {
    const wanted = pick(tuple.values, key.childColumns);
    if (wanted.includes(null)) continue;
    if (before !== undefined && equal(wanted, pick(before.values, key.childColumns))) continue;
    execution.afterwards.push(() => checkChild(execution, key, tuple, wanted));
  }
}

/** Notes that nobody may refer to the old row at the end of the statement. */
export function queueParentCheck(
  execution: Execution,
  table: Table,
  before: Tuple,
  after: Tuple | null,
): void {
  for (const key of table.referencedBy) {
    const gone = pick(before.values, key.parentColumns);
    if (gone.includes(null)) continue;
    if (after !== null && equal(gone, pick(after.values, key.parentColumns))) continue;
    execution.afterwards.push(() => checkParent(execution, key, before, gone));
  }
}

function* checkChild(
  execution: Execution,
  key: ForeignKey,
  child: Tuple,
  wanted: readonly StoredValue[],
): Steps<void> {
  if (child.updater === execution.transaction || child.removed) return;
  const { transaction, store } = execution;
  // RI checks of REPEATABLE READ use the transaction's snapshot; READ COMMITTED takes a new one.
  const seq = transaction.keepsSnapshot ? transaction.snapshotSeq : store.commitSeq;
  if (transaction.serializable !== null) {
    store.conflicts.noteRead(transaction.serializable, key.parentIndex.readers);
  }
  const indexKey = key.parentIndex.keyOfParts(wanted);
  const candidates = indexKey === null ? [] : [...key.parentIndex.find(indexKey)];
  for (const parent of candidates) {
    const visible = isVisibleAt(parent, transaction, seq, transaction.command + 1);
    noteTuple(execution, key.parent, parent, visible, true);
    if (!visible) continue;
    if (yield* holds(execution, key.parent, parent, key.parentColumns, wanted)) return;
  }
  throw new PostgresError(
    "23503",
    `insert or update on table "${key.child.name}" violates foreign key constraint "${key.name}"`,
    {
      table: key.child.name,
      constraint: key.name,
      detail: `Key ${describeKey(key.child, key.childColumns, child.values)} is not present in table "${key.parent.name}".`,
    },
  );
}

function* checkParent(
  execution: Execution,
  key: ForeignKey,
  parent: Tuple,
  gone: readonly StoredValue[],
): Steps<void> {
  const { transaction, store } = execution;
  const seq = store.commitSeq;
  if (transaction.serializable !== null)
    store.conflicts.noteRead(transaction.serializable, key.child.readers);
  const indexKey = key.parentIndex.keyOfParts(gone);
  const again = indexKey === null ? [] : key.parentIndex.find(indexKey);
  if (again.some((tuple) => isVisibleAt(tuple, transaction, seq, transaction.command + 1))) return;
  for (const child of [...key.child.heap]) {
    if (child.removed || !equal(pick(child.values, key.childColumns), gone)) continue;
    const visible = isVisibleAt(child, transaction, seq, transaction.command + 1);
    noteTuple(execution, key.child, child, visible, false);
    if (!visible) continue;
    if (!(yield* holds(execution, key.child, child, key.childColumns, gone))) continue;
    throw new PostgresError(
      "23503",
      `update or delete on table "${key.parent.name}" violates foreign key constraint "${key.name}" on table "${key.child.name}"`,
      {
        table: key.child.name,
        constraint: key.name,
        detail: `Key ${describeKey(key.parent, key.parentColumns, parent.values)} is still referenced from table "${key.child.name}".`,
      },
    );
  }
}

/** Locks the row against deletion; false where it is gone, or no longer has the key. */
function* holds(
  execution: Execution,
  table: Table,
  tuple: Tuple,
  columns: readonly number[],
  wanted: readonly StoredValue[],
): Steps<boolean> {
  const state = yield* lockTuple(execution, table, tuple, keyShare);
  if (state === "free" || state === "self") return state === "free" || tuple.next !== null;
  if (execution.transaction.keepsSnapshot) throw concurrentChange(state === "deleted" ? "delete" : "update");
  if (state !== "updated") return false;
  const latest = yield* followToLatest(execution, table, tuple, keyShare);
  return latest !== null && latest !== "blocked" && equal(pick(latest.values, columns), wanted);
}

function pick(values: readonly StoredValue[], columns: readonly number[]): StoredValue[] {
  return columns.map((position) => values[position] ?? null);
}

function equal(a: readonly StoredValue[], b: readonly StoredValue[]): boolean {
  return a.every((value, index) => {
    const other = b[index] ?? null;
    return (
      value !== null && other !== null && typeof value === typeof other && compareStored(value, other) === 0
    );
  });
}
