import { keyName, nodeName, operationName } from "../history/describe-operation.ts";
import { DO, SEEN, UNDO } from "./saga-records.ts";
import type { SagaSubject } from "./saga-wording.ts";

/** What a saga did and undid of one step: positions of its records, by rising `at`. */
interface StepTimes {
  readonly dos: number[];
  readonly undos: number[];
}

/**
 * Somebody saw the effect of a step of a saga that was aborted, after it had been done and before it was undone, and
 * nothing marked it as pending: whoever acted on it acted on what was taken back. Records from `from` up to `to`.
 * Answers how many could not be placed in time. n log n.
 */
export function checkDirtyReads(subject: SagaSubject, from: number, to: number, aborted: number): number {
  const { records } = subject;
  const seen: number[] = [];
  for (let at = from; at < to; at++) if (records.what[at] === SEEN) seen.push(at);
  if (seen.length === 0) return 0;
  const steps = timesOf(subject, from, to);
  let undated = 0;
  for (const at of seen) {
    const times = steps.get(records.step[at]!);
    if (times === undefined || times.undos.length === 0) continue;
    const moment = records.at[at]!;
    if (Number.isNaN(moment)) {
      undated++;
      continue;
    }
    const done = times.dos[countUntil(records.at, times.dos, moment) - 1];
    const before = countUntil(records.at, times.undos, moment);
    const undone = times.undos[before];
    if (done === undefined || undone === undefined) continue;
    const undoneBefore = times.undos[before - 1];
    if (undoneBefore !== undefined && records.at[undoneBefore]! >= records.at[done]!) continue;
    addDirty(subject, { done, seen: at, undone, aborted });
  }
  return undated;
}

function timesOf({ records }: SagaSubject, from: number, to: number): Map<number, StepTimes> {
  const steps = new Map<number, StepTimes>();
  for (let at = from; at < to; at++) {
    const what = records.what[at]!;
    // An effect without a time is counted where doing and undoing are held against each other.
    if ((what !== DO && what !== UNDO) || Number.isNaN(records.at[at]!)) continue;
    let times = steps.get(records.step[at]!);
    if (times === undefined) {
      times = { dos: [], undos: [] };
      steps.set(records.step[at]!, times);
    }
    (what === DO ? times.dos : times.undos).push(at);
  }
  for (const { dos, undos } of steps.values()) {
    for (const positions of [dos, undos]) positions.sort((a, b) => records.at[a]! - records.at[b]!);
  }
  return steps;
}

/** How many of the positions have a time that is not after the moment. Logarithmic. */
function countUntil(times: Float64Array, positions: readonly number[], moment: number): number {
  let low = 0;
  let high = positions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[positions[middle]!]! <= moment) low = middle + 1;
    else high = middle;
  }
  return low;
}

function addDirty(
  { history, records, key, anomalies }: SagaSubject,
  found: { readonly done: number; readonly seen: number; readonly undone: number; readonly aborted: number },
): void {
  const rows = [found.done, found.seen, found.undone].map((at) => records.rows[at]!);
  const [done, seen, undone] = rows as [number, number, number];
  const step = records.steps.values[records.step[found.seen]!]!;
  const proof = () =>
    `${nodeName(history, done)} did the step ${step} of ${keyName(history, key)} at ${records.at[found.done]!} ` +
    `(${operationName(history, done)}), ${nodeName(history, seen)} saw it at ${records.at[found.seen]!}, not marked as pending ` +
    `(${operationName(history, seen)}), and it was taken back at ${records.at[found.undone]!} (${operationName(history, undone)}), ` +
    `for the saga was aborted (${operationName(history, found.aborted)})`;
  anomalies.add({ type: "dirty-read", key, rows: [done, seen, undone, found.aborted], proof });
}
