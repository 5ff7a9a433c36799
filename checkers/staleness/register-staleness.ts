import type { ToldProof } from "../anomaly-list.ts";
import { RegisterValues } from "../entity/register-values.ts";
import { keyName, operationName, sessionName, valueText } from "../history/describe-operation.ts";
import { firstAbove } from "../history/first-above.ts";
import { FAIL, OK } from "../history/history.ts";
import { isJudgedRead, type StalenessTask } from "./staleness-task.ts";

/** Writes of a register that may have happened, in the order in which they were sent. */
interface Changes {
  readonly sent: Int32Array;
  /** By write: of it and those after it, the number of the value that was the first to be proven. */
  readonly firstProven: Int32Array;
}

/** What is known of a register. */
interface RegisterFacts {
  readonly values: RegisterValues;
  /** By value: the first answer that proves that it was stored; the length of the history where there is none. */
  readonly proven: Int32Array;
  readonly changes: Changes;
}

/**
 * On a register whose written values are unique: for each read the first answer that proves a value whose write was
 * sent when it was known already that the value which the read shows was stored. Returns why its reads cannot be judged; null
 * where they can. Linear, n log n where reads are many.
 */
export function judgeRegisterReads(task: StalenessTask): string | null {
  const { history, key, rows, meter } = task;
  const values = new RegisterValues(history, rows, task.roles);
  const unclear = values.ambiguity();
  if (unclear !== null) return unclear;
  const proven = firstProofs(task, values);
  const facts: RegisterFacts = { values, proven, changes: changesOf(task, values, proven) };
  const { changes } = facts;
  for (let at = 0; at < rows.length; at++) {
    const sent = rows[at]!;
    if (!isJudgedRead(task, sent)) continue;
    const shown = values.seen[at]!;
    const since = values.isInitial(shown) ? -1 : proven[shown]!;
    const next = firstAbove(changes.sent, since);
    const later = next < changes.sent.length ? changes.firstProven[next]! : -1;
    const newer = later < 0 ? -1 : proven[later]!;
    if (!meter.isTooOld(sent, newer)) continue;
    meter.blame({
      ...{ key, sent, newer },
      proven: () => provenText(task, facts, later),
      shown: () => valueText(history.value[history.mate[sent]!]),
      origin: () => originOf(task, facts, shown, later),
    });
  }
  return null;
}

/**
 * A value is proven by the answer to its write, and by whoever saw it: that may be earlier, or all that there is. Who saw it
 * before its write was sent saw something else.
 */
function firstProofs({ history, rows }: StalenessTask, values: RegisterValues): Int32Array {
  const { stored, seen } = values;
  const proven = new Int32Array(values.count).fill(history.length);
  const prove = (value: number, row: number): void => {
    if (value >= 0 && row < proven[value]! && row > values.writerOf(value)) proven[value] = row;
  };
  for (let at = 0; at < rows.length; at++) {
    const mate = history.mate[rows[at]!]!;
    if (mate < 0 || history.type[mate] !== OK) continue;
    prove(stored[at]!, mate);
    prove(seen[at]!, mate);
  }
  return proven;
}

function changesOf({ history, rows }: StalenessTask, values: RegisterValues, proven: Int32Array): Changes {
  const places = new Int32Array(rows.length);
  let count = 0;
  for (let at = 0; at < rows.length; at++) {
    const mate = history.mate[rows[at]!]!;
    if (values.stored[at]! >= 0 && (mate < 0 || history.type[mate] !== FAIL)) places[count++] = at;
  }
  const sent = new Int32Array(count);
  const firstProven = new Int32Array(count);
  let first = -1;
  for (let change = count - 1; change >= 0; change--) {
    const at = places[change]!;
    const value = values.stored[at]!;
    sent[change] = rows[at]!;
    if (first < 0 || proven[value]! < proven[first]!) first = value;
    firstProven[change] = first;
  }
  return { sent, firstProven };
}

function provenText(
  { history, key }: StalenessTask,
  { values, proven }: RegisterFacts,
  value: number,
): string {
  const row = proven[value]!;
  const how = isWriteOf(history.mate[row]!, values, value)
    ? `was told that ${keyName(history, key)} holds ${valueText(values.valueOf(value))}`
    : `found ${valueText(values.valueOf(value))} in ${keyName(history, key)}`;
  return `${sessionName(history, row)} ${how} (${operationName(history, row)})`;
}

/** Why the value shown is certainly older than the later one. */
function originOf(
  { history }: StalenessTask,
  { values, proven }: RegisterFacts,
  shown: number,
  later: number,
): ToldProof {
  if (values.isInitial(shown)) return { text: ", which was there before any write", rows: [] };
  const known = proven[shown]!;
  const writer = values.writerOf(shown);
  const isOwn = isWriteOf(history.mate[known]!, values, shown);
  const next = values.writerOf(later);
  const sent =
    isOwn || writer < 0
      ? ""
      : `${sessionName(history, writer)} had sent (${operationName(history, writer)}) and `;
  const text =
    `, which ${sent}${sessionName(history, known)} had ${isOwn ? "stored" : "found"} (${operationName(history, known)}) ` +
    `before ${valueText(values.valueOf(later))} was sent (${operationName(history, next)})`;
  return { text, rows: isOwn || writer < 0 ? [known, next] : [writer, known, next] };
}

/** Is this the invocation of the write that may have stored the value? */
function isWriteOf(row: number, values: RegisterValues, value: number): boolean {
  return values.writerOf(value) === row;
}
