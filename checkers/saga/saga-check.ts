import type { AnomalyList } from "../anomaly-list.ts";
import type { History } from "../history/history.ts";
import { checkDirtyReads } from "./dirty-reads.ts";
import type { NeededSteps } from "./needed-steps.ts";
import { DO, type SagaRecords, SEEN, UNDO } from "./saga-records.ts";
import {
  addContradictory,
  addEmpty,
  addLate,
  addLost,
  addMismatch,
  addMissing,
  addOutOfOrder,
  addRepeated,
  addStuck,
  addUnbalanced,
  addUndone,
  type SagaSubject,
} from "./saga-wording.ts";
import { StepTable } from "./step-table.ts";

/** All sagas of a history. */
export interface SagaTask {
  readonly history: History;
  readonly records: SagaRecords;
  readonly needed: NeededSteps;
  readonly isReverse: boolean;
  readonly anomalies: AnomalyList;
}

/** Sums further apart than this part of their size are different: they were added up in another order. */
const sumPrecision = 1e-9;

/** Judges the sagas one by one. */
export class SagaCheck {
  readonly #task: SagaTask;
  readonly #table: StepTable;
  /** Records that took part. */
  examined = 0;
  /** Sagas of which no record tells the end, where that proves nothing. */
  endUnknown = 0;
  /** Effects whose order among others matters and is not known. */
  undated = 0;
  /** Completed sagas of which nothing tells which steps they need. */
  needUnknown = 0;
  /** What was seen of aborted sagas, nobody knows when. */
  seenUndated = 0;

  /** Takes a table as large as all steps: `needed` must have been asked for its steps before. */
  constructor(task: SagaTask) {
    this.#task = task;
    this.#table = new StepTable(task.records);
  }

  /** Judges the saga at this position. */
  saga(position: number): void {
    const { history, records, anomalies } = this.#task;
    const table = this.#table;
    const [from, to] = [records.starts[position]!, records.starts[position + 1]!];
    const subject = { history, records, key: records.keys[position]!, anomalies };
    table.fill(from, to);
    this.examined += this.#countOf(position, from, to);
    for (const step of table.touched) this.#step(subject, position, step);
    this.#end(subject, position, from);
    const isAborted = records.aborted[position]! >= 0;
    if (records.completed[position]! < 0) {
      if (this.#task.isReverse) this.#order(subject);
      if (isAborted && records.hasFinalEffects) this.#balance(subject, records.aborted[position]!);
      if (isAborted) this.seenUndated += checkDirtyReads(subject, from, to, records.aborted[position]!);
    } else if (!isAborted && records.hasFinalEffects) this.#missing(subject, position);
    table.clear();
  }

  #countOf(position: number, from: number, to: number): number {
    const { what, running, completed, aborted } = this.#task.records;
    let count = 0;
    for (let at = from; at < to; at++) {
      if (what[at] === DO || what[at] === UNDO || what[at] === SEEN) count++;
    }
    for (const ends of [running, completed, aborted]) if (ends[position]! >= 0) count++;
    return count;
  }

  #step(subject: SagaSubject, position: number, step: number): void {
    const { records } = this.#task;
    const table = this.#table;
    const [dos, undos] = [table.dos[step]!, table.undos[step]!];
    const [completed, aborted] = [records.completed[position]!, records.aborted[position]!];
    if (dos >= 2) addRepeated(subject, "double-effect", table.firstDo[step]!, table.secondDo[step]!, dos);
    if (undos >= 2) {
      addRepeated(subject, "double-compensation", table.firstUndo[step]!, table.secondUndo[step]!, undos);
    }
    if (undos > 0 && completed >= 0 && aborted < 0) addUndone(subject, table.firstUndo[step]!, completed);
    if (dos > 0 && undos > 0) this.#both(subject, step);
    else if (undos > 0) this.#withoutEffect(subject, step);
    else if (dos > 0 && aborted >= 0 && completed < 0 && records.hasFinalEffects) {
      addLost(subject, table.firstDo[step]!, aborted);
    }
  }

  /** A step that was done and undone: in this order, and with one amount? */
  #both(subject: SagaSubject, step: number): void {
    const { at } = this.#task.records;
    const table = this.#table;
    const [done, undone] = [table.latestDo[step]!, table.earliestUndo[step]!];
    if (done >= 0 && undone >= 0 && at[done]! > at[undone]!) addLate(subject, done, undone);
    this.undated += table.undated[step]!;
    const [doAmount, undoAmount] = [table.doAmount[step]!, table.undoAmount[step]!];
    if (doAmount < 0 || undoAmount < 0) return;
    const { amount } = this.#task.records;
    const [otherDo, otherUndo] = [table.otherDoAmount[step]!, table.otherUndoAmount[step]!];
    if (amount[doAmount] !== amount[undoAmount]) addMismatch(subject, doAmount, undoAmount);
    else if (otherDo >= 0) addMismatch(subject, otherDo, undoAmount);
    else if (otherUndo >= 0) addMismatch(subject, doAmount, otherUndo);
  }

  /** A compensation without an effect is wrong where the effect was impossible, or where it moved something. */
  #withoutEffect(subject: SagaSubject, step: number): void {
    const { records } = this.#task;
    if (!records.hasFinalEffects) return;
    const table = this.#table;
    const moved = this.#firstMoved(step);
    if (moved >= 0) addEmpty(subject, moved);
    else if (records.hasAttempts && table.attempts[step] === 0) addEmpty(subject, table.firstUndo[step]!);
  }

  /** The first compensation of the step with an amount that is not 0; −1. */
  #firstMoved(step: number): number {
    const { amount } = this.#task.records;
    const { undoAmount, otherUndoAmount } = this.#table;
    const first = undoAmount[step]!;
    return first >= 0 && amount[first] !== 0 ? first : otherUndoAmount[step]!;
  }

  #end(subject: SagaSubject, position: number, from: number): void {
    const { records } = this.#task;
    const [completed, aborted] = [records.completed[position]!, records.aborted[position]!];
    if (completed >= 0 && aborted >= 0) addContradictory(subject, completed, aborted);
    else if (completed >= 0 || aborted >= 0) return;
    else if (!records.hasFinalSagas) this.endUnknown++;
    else {
      const { dos, undos, firstDo, touched } = this.#table;
      const left = touched.filter((step) => dos[step]! > 0 && undos[step] === 0);
      addStuck(
        subject,
        records.running[position]!,
        from,
        left.map((step) => firstDo[step]!),
      );
    }
  }

  #missing(subject: SagaSubject, position: number): void {
    const { records, needed } = this.#task;
    const steps = needed.of(position);
    if (steps === null) this.needUnknown++;
    for (const step of steps ?? []) {
      if (this.#table.dos[step]! > 0) continue;
      addMissing(subject, step, records.completed[position]!, records.declared[position]!);
    }
  }

  /** Of any two steps that were done and undone once, the one done later is undone first. */
  #order(subject: SagaSubject): void {
    const { at } = this.#task.records;
    const { dos, undos, firstDo, firstUndo, touched } = this.#table;
    const isDated = (step: number): boolean =>
      !Number.isNaN(at[firstDo[step]!]!) && !Number.isNaN(at[firstUndo[step]!]!);
    const steps = touched.filter((step) => dos[step] === 1 && undos[step] === 1 && isDated(step));
    if (steps.length < 2) return;
    steps.sort((a, b) => at[firstDo[a]!]! - at[firstDo[b]!]!);
    let undoneFirst = -1;
    for (let begin = 0; begin < steps.length; ) {
      const moment = at[firstDo[steps[begin]!]!]!;
      let end = begin;
      for (; end < steps.length && at[firstDo[steps[end]!]!] === moment; end++) {
        const later = steps[end]!;
        if (undoneFirst < 0 || at[firstUndo[undoneFirst]!]! >= at[firstUndo[later]!]!) continue;
        const pair = (step: number) => ({ done: firstDo[step]!, undone: firstUndo[step]! });
        addOutOfOrder(subject, pair(undoneFirst), pair(later));
        return;
      }
      for (; begin < end; begin++) {
        const step = steps[begin]!;
        if (undoneFirst < 0 || at[firstUndo[step]!]! < at[firstUndo[undoneFirst]!]!) undoneFirst = step;
      }
    }
  }

  /** What an aborted saga took and gave back, over all services, is the same. Steps of unknown amount are left out. */
  #balance(subject: SagaSubject, aborted: number): void {
    const { doSum, undoSum, doAmount, undoAmount, unpriced, touched } = this.#table;
    let [done, undone] = [0, 0];
    const left: number[] = [];
    for (const step of touched) {
      if (unpriced[step]! > 0) continue;
      done += doSum[step]!;
      undone += undoSum[step]!;
      if (isSame(doSum[step]!, undoSum[step]!)) continue;
      for (const at of [doAmount[step]!, undoAmount[step]!]) if (at >= 0) left.push(at);
    }
    if (left.length === 0 || isSame(done, undone)) return;
    addUnbalanced(subject, aborted, { done, undone }, left);
  }
}

function isSame(a: number, b: number): boolean {
  return Math.abs(a - b) <= sumPrecision * Math.max(Math.abs(a), Math.abs(b));
}
