import type { AnomalyList } from "../anomaly-list.ts";
import { keyName, nodeName, operationName, recordNames } from "../history/describe-operation.ts";
import { clippedText } from "../history/excerpt.ts";
import type { History } from "../history/history.ts";
import type { SagaRecords } from "./saga-records.ts";

/** The saga that an anomaly is about. */
export interface SagaSubject {
  readonly history: History;
  readonly records: SagaRecords;
  /** Position in `history.keys`. */
  readonly key: number;
  readonly anomalies: AnomalyList;
}

/** Records shown of what a saga left behind. */
const leftMax = 6;
/** Longest name of a step in a proof, in characters. */
const stepLength = 80;

/** A step that took effect, or was undone, twice. `count` is how often in all. */
export function addRepeated(
  { history, records, key, anomalies }: SagaSubject,
  type: "double-effect" | "double-compensation",
  first: number,
  second: number,
  count: number,
): void {
  const rows = [records.rows[first]!, records.rows[second]!] as const;
  const verb = type === "double-effect" ? "did" : "undid";
  const times = count === 2 ? "twice" : `${count} times`;
  const proof = () =>
    `${nodeName(history, rows[0])} ${verb} the step ${stepName(records, first)} of ${keyName(history, key)} ${times} ` +
    `(${recordNames(history, rows)}), although a saga ${verb === "did" ? "does" : "undoes"} each step at most once`;
  anomalies.add({ type, key, rows, proof });
}

/** An effect that came after its own compensation. */
export function addLate(
  { history, records, key, anomalies }: SagaSubject,
  done: number,
  undone: number,
): void {
  const [late, before] = [records.rows[done]!, records.rows[undone]!];
  const proof = () =>
    `${nodeName(history, late)} did the step ${stepName(records, done)} of ${keyName(history, key)} at ${records.at[done]!} ` +
    `(${operationName(history, late)}), but it had been undone at ${records.at[undone]!} (${operationName(history, before)}): ` +
    "nothing takes the late effect back";
  anomalies.add({ type: "late-effect", key, rows: [before, late], proof });
}

/** A compensation of an effect that was never there and, unless it moved an amount, never asked for. */
export function addEmpty({ history, records, key, anomalies }: SagaSubject, undone: number): void {
  const row = records.rows[undone]!;
  const amount = records.amount[undone]!;
  const why =
    Number.isNaN(amount) || amount === 0
      ? "nor was it ever attempted"
      : `so ${amount} was given back that was never taken`;
  const proof = () =>
    `${nodeName(history, row)} undid the step ${stepName(records, undone)} of ${keyName(history, key)} ` +
    `(${operationName(history, row)}), but the step was never done, ${why}`;
  anomalies.add({ type: "empty-compensation", key, rows: [row], proof });
}

/** An effect of an aborted saga that is still there. */
export function addLost(
  { history, records, key, anomalies }: SagaSubject,
  done: number,
  aborted: number,
): void {
  const row = records.rows[done]!;
  const proof = () =>
    `${nodeName(history, row)} did the step ${stepName(records, done)} of ${keyName(history, key)} (${operationName(history, row)}), ` +
    `and the saga was aborted (${operationName(history, aborted)}), but the step was never undone`;
  anomalies.add({ type: "lost-compensation", key, rows: [row, aborted], proof });
}

/** A completed saga with an effect that was taken back. */
export function addUndone(
  { history, records, key, anomalies }: SagaSubject,
  undone: number,
  completed: number,
): void {
  const row = records.rows[undone]!;
  const proof = () =>
    `${keyName(history, key)} is completed (${operationName(history, completed)}), but ${nodeName(history, row)} ` +
    `undid its step ${stepName(records, undone)} (${operationName(history, row)})`;
  anomalies.add({ type: "undone-in-completed-saga", key, rows: [row, completed], proof });
}

/** A completed saga without the effect of a step. `declared` is the record that lists the step; −1. */
export function addMissing(
  { history, records, key, anomalies }: SagaSubject,
  step: number,
  completed: number,
  declared: number,
): void {
  const isListed = declared >= 0 && declared !== completed;
  const why = isListed ? `, listed in ${operationName(history, declared)},` : "";
  const proof = () =>
    `${keyName(history, key)} is completed (${operationName(history, completed)}), but its step ` +
    `${stepText(records.steps.values[step]!)}${why} was never done`;
  const rows: readonly [number, ...number[]] = isListed ? [completed, declared] : [completed];
  anomalies.add({ type: "missing-effect", key, rows, proof });
}

/** Two effects that were undone in the order in which they had been done. */
export function addOutOfOrder(
  { history, records, key, anomalies }: SagaSubject,
  earlier: { readonly done: number; readonly undone: number },
  later: { readonly done: number; readonly undone: number },
): void {
  const rowOf = (at: number): number => records.rows[at]!;
  const [done, undone] = [
    [rowOf(earlier.done), rowOf(later.done)] as const,
    [rowOf(earlier.undone), rowOf(later.undone)] as const,
  ];
  const proof = () => {
    const [a, b] = [stepName(records, earlier.done), stepName(records, later.done)];
    return (
      `${keyName(history, key)} did ${a} before ${b} (${recordNames(history, done)}), but also undid ${a} before ${b} ` +
      `(${recordNames(history, undone)}): compensation goes backwards`
    );
  };
  anomalies.add({ type: "out-of-order-compensation", key, rows: [...done, ...undone], proof });
}

/** A step that was undone with another amount than it was done with. */
export function addMismatch(
  { history, records, key, anomalies }: SagaSubject,
  done: number,
  undone: number,
): void {
  const rows = [records.rows[done]!, records.rows[undone]!] as const;
  const proof = () =>
    `${nodeName(history, rows[0])} did the step ${stepName(records, done)} of ${keyName(history, key)} with the amount ` +
    `${records.amount[done]!} (${operationName(history, rows[0])}), but it was undone with ${records.amount[undone]!} ` +
    `(${operationName(history, rows[1])})`;
  anomalies.add({ type: "amount-mismatch", key, rows, proof });
}

/** An aborted saga whose amounts do not cancel. `left` are records of the steps that do not. */
export function addUnbalanced(
  { history, records, key, anomalies }: SagaSubject,
  aborted: number,
  sums: { readonly done: number; readonly undone: number },
  left: readonly number[],
): void {
  const rows = left.slice(0, leftMax).map((at) => records.rows[at]!);
  const proof = () =>
    `${keyName(history, key)} was aborted (${operationName(history, aborted)}), but its amounts do not cancel: ` +
    `${sums.done} done and ${sums.undone} undone (${recordNames(history, rows)})`;
  anomalies.add({ type: "amounts-not-conserved", key, rows: [aborted, ...rows], proof });
}

/** A saga that never ended. `running` is the last record that says so, −1 where none does. */
export function addStuck(
  { history, records, key, anomalies }: SagaSubject,
  running: number,
  first: number,
  left: readonly number[],
): void {
  const rows = left.slice(0, leftMax).map((at) => records.rows[at]!);
  const witness = running < 0 ? records.rows[first]! : running;
  const proof = () => {
    const start =
      running < 0
        ? `${keyName(history, key)} has begun (${operationName(history, witness)}), but no final record says how it ended`
        : `${keyName(history, key)} is still running at the end (${operationName(history, witness)})`;
    if (rows.length === 0) return start;
    const steps = left.slice(0, leftMax).map((at) => stepName(records, at));
    return `${start}; done and not undone: ${steps.join(", ")} (${recordNames(history, rows)})`;
  };
  anomalies.add({
    type: "stuck-saga",
    key,
    rows: [witness, ...rows.filter((row) => row !== witness)],
    proof,
  });
}

/** A saga that ended in both ways. */
export function addContradictory(
  { history, key, anomalies }: SagaSubject,
  completed: number,
  aborted: number,
): void {
  const proof = () =>
    `${keyName(history, key)} is completed (${operationName(history, completed)}) and is aborted ` +
    `(${operationName(history, aborted)}): a saga ends once`;
  anomalies.add({ type: "contradictory-end", key, rows: [completed, aborted], proof });
}

function stepName(records: SagaRecords, at: number): string {
  return stepText(records.steps.values[records.step[at]!]!);
}

function stepText(step: string): string {
  return clippedText(step, stepLength);
}
