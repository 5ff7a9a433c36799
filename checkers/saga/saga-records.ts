import { finalRoles, UnreadableRecords } from "../history/final-records.ts";
import { type FunctionNames, functionRoles } from "../history/function-roles.ts";
import { type History, RECORD } from "../history/history.ts";
import { InternTable } from "../history/intern-table.ts";
import { fieldOf } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import { type RowsByKey, rowsByKey } from "../history/rows-by-key.ts";

/** An effect was done. */
export const DO = 0;
/** An effect was undone. */
export const UNDO = 1;
/** The command to do a step was sent. */
export const ATTEMPT = 2;
/** Somebody saw the effect of a step, not marked as pending. */
export const SEEN = 4;
/** Shows that the saga exists, and nothing else that counts. */
export const EVIDENCE = 3;

/** Names of the kinds of records, if they are called otherwise in the history. */
export interface SagaFunctions {
  readonly saga?: FunctionNames;
  readonly effect?: FunctionNames;
  readonly attempted?: FunctionNames;
  readonly seen?: FunctionNames;
}

/**
 * The records of all sagas, saga by saga, in columns beside `rows` of {@link RowsByKey}. A saga's records
 * lie together, so that going through one saga after the other is not slowed down by records that lie all
 * over the history.
 */
export interface SagaRecords extends RowsByKey {
  /** {@link DO}, {@link UNDO}, {@link ATTEMPT}, {@link SEEN} or {@link EVIDENCE}. */
  readonly what: Int8Array;
  /** Position in `steps`; −1. */
  readonly step: Int32Array;
  /** When an effect was done or seen; NaN where that is not known. */
  readonly at: Float64Array;
  /** The amount of an effect; NaN where it has none. */
  readonly amount: Float64Array;
  /** By saga: the last record that says so; −1. */
  readonly running: Int32Array;
  readonly completed: Int32Array;
  readonly aborted: Int32Array;
  /** By saga: the record that lists its steps; −1. */
  readonly declared: Int32Array;
  readonly steps: InternTable<string>;
  /** Are the ends, or the effects, known from the stores, so that what is not there did not happen? */
  readonly hasFinalSagas: boolean;
  readonly hasFinalEffects: boolean;
  /** Does the history tell at all which commands were sent? */
  readonly hasAttempts: boolean;
  readonly unreadable: UnreadableRecords;
}

const roleNames = ["saga", "effect", "attempted", "seen"];
const [SAGA, EFFECT, ATTEMPTED] = [0, 1, 2];

/** Collects the records of every saga, going through the history in its own order. Linear. */
export function collectSagas(
  history: History,
  functions: SagaFunctions,
  inspected: readonly string[],
): SagaRecords {
  const { saga = "saga", effect = "effect", attempted = "attempted", seen = "seen" } = functions;
  const roles = functionRoles(history, [saga, effect, attempted, seen]);
  const grouped = rowsByKey(history, roles, RECORD);
  const [hasFinalSagas = false, hasFinalEffects = false] = finalRoles(history, roles, roleNames, inspected);
  const { columns, stepOf } = emptySagas(grouped, hasFinalSagas, hasFinalEffects);
  const next = grouped.starts.slice();
  const positionOf = new Int32Array(history.keys.length);
  for (const [position, key] of grouped.keys.entries()) positionOf[key] = position;
  let hasAttempts = false;
  for (let row = 0; row < history.length; row++) {
    if (history.type[row] !== RECORD) continue;
    const role = roles[history.f[row]!]!;
    if (role < 0) continue;
    const position = positionOf[history.key[row]!]!;
    const at = next[position]!++;
    columns.what[at] = EVIDENCE;
    if (role === SAGA) takeState(history, row, position, columns);
    else if (role === EFFECT) {
      if (!hasFinalEffects || history.final[row] === 1) takeEffect(history, row, at, columns, stepOf);
    } else if (role === ATTEMPTED) {
      hasAttempts = true;
      takeAttempt(history, row, at, columns, stepOf);
    } else takeSeen(history, row, at, columns, stepOf);
  }
  return { ...columns, hasAttempts };
}

type StepOf = (value: Json | undefined) => number;

function emptySagas(
  grouped: RowsByKey,
  hasFinalSagas: boolean,
  hasFinalEffects: boolean,
): { readonly columns: SagaRecords; readonly stepOf: StepOf } {
  const total = grouped.rows.length;
  const sagas = grouped.keys.length;
  const steps = new InternTable<string>();
  const columns: SagaRecords = {
    ...grouped,
    what: new Int8Array(total),
    step: new Int32Array(total).fill(-1),
    at: new Float64Array(total).fill(Number.NaN),
    amount: new Float64Array(total).fill(Number.NaN),
    running: new Int32Array(sagas).fill(-1),
    completed: new Int32Array(sagas).fill(-1),
    aborted: new Int32Array(sagas).fill(-1),
    declared: new Int32Array(sagas).fill(-1),
    steps,
    hasFinalSagas,
    hasFinalEffects,
    hasAttempts: false,
    unreadable: new UnreadableRecords(),
  };
  const stepOf: StepOf = (value) => {
    const step = fieldOf(value, "step");
    return typeof step === "string" ? steps.intern(step) : -1;
  };
  return { columns, stepOf };
}

function takeState(history: History, row: number, position: number, columns: SagaRecords): void {
  const value = history.value[row];
  const state = fieldOf(value, "state");
  const steps = fieldOf(value, "steps");
  if (Array.isArray(steps) && isDeclaring(history, row, columns.declared[position]!)) {
    for (const step of steps) {
      if (typeof step === "string") columns.steps.intern(step);
      else columns.unreadable.add(row, '{"state", "steps": [names]}');
    }
    columns.declared[position] = row;
  }
  const ends = state === "completed" ? columns.completed : state === "aborted" ? columns.aborted : null;
  if (ends === null && state !== "running") {
    columns.unreadable.add(row, '{"state": "running", "completed" or "aborted"}');
  } else if (!columns.hasFinalSagas || history.final[row] === 1) (ends ?? columns.running)[position] = row;
}

/** What the stores say at the end goes before what was written live; of several the last. */
function isDeclaring(history: History, row: number, known: number): boolean {
  return known < 0 || history.final[row]! >= history.final[known]!;
}

function takeEffect(history: History, row: number, at: number, columns: SagaRecords, stepOf: StepOf): void {
  const value = history.value[row];
  const step = stepOf(value);
  const kind = fieldOf(value, "kind");
  if (step < 0 || (kind !== "do" && kind !== "undo")) {
    columns.unreadable.add(row, '{"step", "kind": "do" or "undo", "at"}');
    return;
  }
  const moment = fieldOf(value, "at");
  const amount = fieldOf(value, "amount");
  columns.what[at] = kind === "do" ? DO : UNDO;
  columns.step[at] = step;
  if (typeof moment === "number") columns.at[at] = moment;
  if (typeof amount === "number") columns.amount[at] = amount;
}

function takeAttempt(history: History, row: number, at: number, columns: SagaRecords, stepOf: StepOf): void {
  const value = history.value[row];
  const step = stepOf(value);
  const kind = fieldOf(value, "kind");
  if (step < 0 || (kind !== "do" && kind !== "undo")) {
    columns.unreadable.add(row, '{"step", "kind": "do" or "undo"}');
  } else if (kind === "do") {
    columns.what[at] = ATTEMPT;
    columns.step[at] = step;
  }
}

function takeSeen(history: History, row: number, at: number, columns: SagaRecords, stepOf: StepOf): void {
  const value = history.value[row];
  const step = stepOf(value);
  if (step < 0) {
    columns.unreadable.add(row, '{"step", "at", "pending": true or false}');
    return;
  }
  // Whoever is told that it is pending knows that it may be taken back.
  if (fieldOf(value, "pending") === true) return;
  const moment = fieldOf(value, "at");
  columns.what[at] = SEEN;
  columns.step[at] = step;
  if (typeof moment === "number") columns.at[at] = moment;
}
