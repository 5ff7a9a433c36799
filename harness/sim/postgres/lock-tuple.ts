import type { Execution, Steps } from "./execution.ts";
import { PostgresError } from "./postgres-error.ts";
import type { RowLockMode } from "./row-lock.ts";
import type { LockPolicy } from "./statement.ts";
import type { Table } from "./table.ts";
import type { Transaction } from "./transaction.ts";
import { addLocker, lockState, type Tuple } from "./tuple.ts";
import { type QueuePlace, TupleQueue } from "./tuple-queue.ts";

/** How the attempt to reach a row version ended. `blocked`: held, and the policy is not to wait. */
export type TupleState = "free" | "self" | "updated" | "deleted" | "blocked";

/** How to reach a row version. */
export interface LockRequest {
  readonly mode: RowLockMode;
  readonly policy: LockPolicy;
  /** `select … for …`: after a wait for who updates the row, also waits for who holds its newer versions. */
  readonly followUpdates: boolean;
}

/**
 * Waits until nobody else holds a conflicting lock on this version, as PostgreSQL's heap_lock_tuple:
 * the first waiter waits for the holder, later ones queue behind; a newcomer who finds it free takes it.
 */
export function* awaitTuple(
  execution: Execution,
  table: Table,
  tuple: Tuple,
  request: LockRequest,
): Steps<TupleState> {
  const { transaction } = execution;
  const first = lockState(tuple, transaction, request.mode);
  if (typeof first === "string") return first;
  if (request.policy === "skip") return "blocked";
  if (request.policy === "nowait") {
    throw new PostgresError("55P03", `could not obtain lock on row in relation "${table.name}"`);
  }
  tuple.queue ??= new TupleQueue();
  const { queue } = tuple;
  const place: QueuePlace = {
    backend: execution.backend,
    mode: request.mode,
    wake: () => execution.wakeInQueue(),
  };
  // Who shares the lock already must not queue behind those who wait for it.
  const shares = tuple.lockers?.some((lock) => lock.transaction === transaction) === true;
  if (!shares) queue.places.push(place);
  try {
    while (!shares && queue.mustWait(place)) yield { kind: "turn", queue, place };
    let blocker = first;
    for (;;) {
      const updating = blocker === tuple.updater;
      if (lockState(tuple, transaction, request.mode) === blocker)
        yield { kind: "transaction", transaction: blocker };
      if (updating && request.followUpdates) yield* awaitNewerVersions(execution, tuple, request.mode);
      const state = lockState(tuple, transaction, request.mode);
      if (typeof state === "string") return state;
      blocker = state;
    }
  } finally {
    queue.leave(place);
  }
}

/** Takes the lock; `free` then means that it is held. */
export function* lockTuple(
  execution: Execution,
  table: Table,
  tuple: Tuple,
  request: LockRequest,
): Steps<TupleState> {
  const state = yield* awaitTuple(execution, table, tuple, request);
  if (state !== "free") return state;
  holdTuple(execution, tuple, request.mode);
  if (request.mode === "key share" && tuple.next !== null) {
    // The newer versions are locked as well, and PostgreSQL waits for them even with NOWAIT.
    return yield* lockTuple(execution, table, tuple.next, { ...request, policy: "wait" });
  }
  return "free";
}

/**
 * READ COMMITTED: goes from a version that was replaced to the newest one and locks it. Null where the
 * row was deleted in the end; "blocked" by the policy.
 */
export function* followToLatest(
  execution: Execution,
  table: Table,
  tuple: Tuple,
  request: LockRequest,
): Steps<Tuple | "blocked" | null> {
  let current = tuple;
  for (;;) {
    const { next } = current;
    if (next === null) return null;
    // Between leaving the old version and locking the new one anybody may come first.
    yield { kind: "pause" };
    current = next;
    if (request.policy === "wait") yield* awaitUpdater(current, execution.transaction);
    const state = yield* lockTuple(execution, table, current, request);
    if (state === "free" || state === "self") return current;
    if (state === "deleted") return null;
    if (state === "blocked") return "blocked";
  }
}

/** `could not serialize access due to concurrent update` or `… delete` (40001). */
export function concurrentChange(change: "update" | "delete"): PostgresError {
  return new PostgresError("40001", `could not serialize access due to concurrent ${change}`);
}

function holdTuple(execution: Execution, tuple: Tuple, mode: RowLockMode): void {
  const { store, transaction } = execution;
  store.assignXid(transaction);
  if (!addLocker(tuple, transaction, mode) || transaction.savepoints.length === 0) return;
  transaction.undo.push({
    undo: () => {
      const index =
        tuple.lockers?.findIndex((lock) => lock.transaction === transaction && lock.mode === mode) ?? -1;
      if (index >= 0) tuple.lockers?.splice(index, 1);
    },
    settle: () => {},
  });
}

function* awaitUpdater(tuple: Tuple, transaction: Transaction): Steps<void> {
  for (;;) {
    const { updater } = tuple;
    if (updater === null || updater === transaction || updater.state !== "active") return;
    yield { kind: "transaction", transaction: updater };
  }
}

function* awaitNewerVersions(execution: Execution, tuple: Tuple, mode: RowLockMode): Steps<void> {
  for (let newer = tuple.next; newer !== null; newer = newer.next) {
    for (;;) {
      const state = lockState(newer, execution.transaction, mode);
      if (typeof state === "string") break;
      yield { kind: "transaction", transaction: state };
    }
  }
}
