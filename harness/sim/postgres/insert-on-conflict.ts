import { applyAssignments, type BoundAssignment, bindAssignments } from "./bind-assignments.ts";
import { type BindContext, bindCondition } from "./bind-expression.ts";
import type { BoundExpression } from "./bound-expression.ts";
import { checkRow } from "./check-row.ts";
import { evaluate } from "./evaluate.ts";
import type { Execution, Steps } from "./execution.ts";
import { findColumn } from "./find-table.ts";
import { queueChildCheck } from "./foreign-key-check.ts";
import { concurrentChange, lockTuple } from "./lock-tuple.ts";
import { PostgresError } from "./postgres-error.ts";
import { Scope } from "./scope.ts";
import type { OnConflict } from "./statement.ts";
import type { StoredValue } from "./stored-value.ts";
import type { Table } from "./table.ts";
import type { TableIndex } from "./table-index.ts";
import { isVisible, type Tuple } from "./tuple.ts";
import { enterIndex, findDuplicate, isKeyContended } from "./unique-check.ts";
import { appendTuple, replaceTuple } from "./write-tuple.ts";

/** An on conflict clause, bound. */
export interface ConflictClause {
  /** The indexes whose duplicates it deals with. */
  readonly arbiters: readonly TableIndex[];
  /** Null: do nothing. They read the row that is there, followed by `excluded`. */
  readonly assignments: readonly BoundAssignment[] | null;
  readonly where: BoundExpression | null;
}

/** Binds an on conflict clause; 42P10 where no unique index fits it, 42704 where no constraint does. */
export function bindConflictClause(table: Table, alias: string, clause: OnConflict): ConflictClause {
  const excluded = { table, alias: "excluded", offset: table.columns.length };
  const scope = new Scope([{ table, alias, offset: 0 }, excluded]);
  const context: BindContext = { scope, aggregates: null };
  return {
    arbiters: findArbiters(table, clause),
    assignments: clause.updates === null ? null : bindAssignments(table, clause.updates, context),
    where: clause.updateWhere === null ? null : bindCondition(clause.updateWhere, context),
  };
}

/**
 * Inserts the row, or does what the clause says about the one that is there: the arbiters are probed
 * first, then the row is written and entered into every index. Null where nothing was written.
 */
export function* insertOrResolve(
  execution: Execution,
  table: Table,
  clause: ConflictClause,
  values: readonly StoredValue[],
): Steps<Tuple | null> {
  for (;;) {
    const duplicate = yield* findAmong(execution, clause.arbiters, values);
    if (duplicate === null) {
      const inserted = yield* insertSpeculatively(execution, table, clause, values);
      if (inserted !== null) return inserted;
      continue;
    }
    if (clause.assignments === null) {
      checkVisible(execution, duplicate);
      return null;
    }
    const outcome = yield* updateDuplicate(execution, table, clause, clause.assignments, duplicate, values);
    if (outcome !== "retry") return outcome;
  }
}

function findArbiters(table: Table, clause: OnConflict): TableIndex[] {
  const unique = table.indexes.filter((index) => index.unique);
  if (clause.constraint !== null) {
    const named = unique.find((index) => index.name === clause.constraint);
    if (named === undefined) {
      throw new PostgresError(
        "42704",
        `constraint "${clause.constraint}" for table "${table.name}" does not exist`,
      );
    }
    return [named];
  }
  if (clause.columns === null) {
    if (clause.updates === null) return unique;
    throw new PostgresError(
      "42601",
      "ON CONFLICT DO UPDATE requires inference specification or constraint name",
    );
  }
  const wanted = new Set(clause.columns.map((name) => findColumn(table, name).position));
  const fitting = unique.filter(
    (index) =>
      index.columns.length === wanted.size && index.columns.every((position) => wanted.has(position)),
  );
  if (fitting.length > 0) return fitting;
  throw new PostgresError(
    "42P10",
    "there is no unique or exclusion constraint matching the ON CONFLICT specification",
  );
}

function* findAmong(
  execution: Execution,
  arbiters: readonly TableIndex[],
  values: readonly StoredValue[],
): Steps<Tuple | null> {
  for (const index of arbiters) {
    const duplicate = yield* findDuplicate(execution, index, values, null);
    if (duplicate !== null) return duplicate;
  }
  return null;
}

/** Null where somebody else entered the key into an arbiter in the meantime: the row is taken back. */
function* insertSpeculatively(
  execution: Execution,
  table: Table,
  clause: ConflictClause,
  values: readonly StoredValue[],
): Steps<Tuple | null> {
  const { undo } = execution.transaction;
  const before = undo.length;
  const tuple = appendTuple(execution, table, values);
  for (const index of table.indexes) {
    if (clause.arbiters.includes(index) && isKeyContended(execution, index, values, tuple)) {
      execution.store.undoTo(execution.transaction, before);
      for (const waiter of execution.transaction.waiters.splice(0)) waiter.wake();
      return null;
    }
    yield* enterIndex(execution, table, index, tuple);
  }
  queueChildCheck(execution, table, tuple);
  return tuple;
}

function* updateDuplicate(
  execution: Execution,
  table: Table,
  clause: ConflictClause,
  assignments: readonly BoundAssignment[],
  duplicate: Tuple,
  values: readonly StoredValue[],
): Steps<Tuple | null | "retry"> {
  const { transaction, evaluation } = execution;
  refuseSecondTime(execution, duplicate);
  const keyAssigned = table.hasKeyColumn((position) =>
    assignments.some((item) => item.position === position),
  );
  const mode = keyAssigned ? "update" : "no key update";
  const state = yield* lockTuple(execution, table, duplicate, { mode, policy: "wait", followUpdates: false });
  if (state !== "free") {
    if (transaction.keepsSnapshot && state !== "self") {
      throw concurrentChange(state === "deleted" ? "delete" : "update");
    }
    return "retry";
  }
  checkVisible(execution, duplicate);
  const row = [...duplicate.values, ...values];
  if (clause.where !== null && evaluate(clause.where, row, evaluation) !== true) return null;
  const changed = applyAssignments(assignments, duplicate.values, row, evaluation);
  checkRow(table, changed, evaluation);
  return yield* replaceTuple(execution, table, duplicate, changed);
}

function refuseSecondTime({ transaction }: Execution, duplicate: Tuple): void {
  if (duplicate.creator !== transaction || duplicate.createdCommand !== transaction.command) return;
  throw new PostgresError("21000", "ON CONFLICT DO UPDATE command cannot affect row a second time", {
    hint: "Ensure that no rows proposed for insertion within the same command have duplicate constrained values.",
  });
}

/** REPEATABLE READ must not act on a row that its snapshot does not see. */
function checkVisible({ transaction }: Execution, duplicate: Tuple): void {
  if (!transaction.keepsSnapshot || duplicate.creator === transaction || isVisible(duplicate, transaction))
    return;
  throw concurrentChange("update");
}
