import { ATTEMPT, DO, type SagaRecords, UNDO } from "./saga-records.ts";

/**
 * What became of each step of one saga: the table is filled for a saga, asked, and cleared for the next, so
 * that no saga costs an allocation. Columns are numbered like `steps` of the records; positions are those of
 * the records' columns, −1 where there is none.
 */
export class StepTable {
  readonly #records: SagaRecords;
  readonly dos: Int32Array;
  readonly undos: Int32Array;
  readonly attempts: Uint8Array;
  /** The first and the second effect in the order of the history. */
  readonly firstDo: Int32Array;
  readonly secondDo: Int32Array;
  readonly firstUndo: Int32Array;
  readonly secondUndo: Int32Array;
  /** The latest effect and the earliest compensation by `at`. */
  readonly latestDo: Int32Array;
  readonly earliestUndo: Int32Array;
  /** Records of the step without `at`. */
  readonly undated: Int32Array;
  /** The first amount of each kind, and the first that differs from it. */
  readonly doAmount: Int32Array;
  readonly otherDoAmount: Int32Array;
  readonly undoAmount: Int32Array;
  readonly otherUndoAmount: Int32Array;
  /** Records of the step without an amount. */
  readonly unpriced: Int32Array;
  readonly doSum: Float64Array;
  readonly undoSum: Float64Array;
  /** The steps in use, in the order in which the saga's records name them. */
  readonly touched: number[] = [];
  readonly #isTouched: Uint8Array;

  /** A table for all steps of these records. */
  constructor(records: SagaRecords) {
    const size = records.steps.values.length;
    const positions = (): Int32Array => new Int32Array(size).fill(-1);
    this.#records = records;
    this.dos = new Int32Array(size);
    this.undos = new Int32Array(size);
    this.attempts = new Uint8Array(size);
    this.firstDo = positions();
    this.secondDo = positions();
    this.firstUndo = positions();
    this.secondUndo = positions();
    this.latestDo = positions();
    this.earliestUndo = positions();
    this.undated = new Int32Array(size);
    this.doAmount = positions();
    this.otherDoAmount = positions();
    this.undoAmount = positions();
    this.otherUndoAmount = positions();
    this.unpriced = new Int32Array(size);
    this.doSum = new Float64Array(size);
    this.undoSum = new Float64Array(size);
    this.#isTouched = new Uint8Array(size);
  }

  /** Takes the records from position `from` up to `to`. */
  fill(from: number, to: number): void {
    const { what, step } = this.#records;
    for (let at = from; at < to; at++) {
      const named = step[at]!;
      if (named < 0) continue;
      if (this.#isTouched[named] === 0) {
        this.#isTouched[named] = 1;
        this.touched.push(named);
      }
      if (what[at] === DO) this.#done(named, at);
      else if (what[at] === UNDO) this.#undone(named, at);
      else if (what[at] === ATTEMPT) this.attempts[named] = 1;
    }
  }

  /** Forgets the saga. */
  clear(): void {
    for (const step of this.touched) {
      this.#isTouched[step] = 0;
      this.dos[step] = this.undos[step] = this.attempts[step] = this.undated[step] = 0;
      this.unpriced[step] = this.doSum[step] = this.undoSum[step] = 0;
      this.firstDo[step] = this.secondDo[step] = this.latestDo[step] = -1;
      this.firstUndo[step] = this.secondUndo[step] = this.earliestUndo[step] = -1;
      this.doAmount[step] = this.otherDoAmount[step] = -1;
      this.undoAmount[step] = this.otherUndoAmount[step] = -1;
    }
    this.touched.length = 0;
  }

  #done(step: number, at: number): void {
    const times = this.#records.at;
    const count = this.dos[step]!++;
    if (count === 0) this.firstDo[step] = at;
    else if (count === 1) this.secondDo[step] = at;
    const latest = this.latestDo[step]!;
    if (Number.isNaN(times[at]!)) this.undated[step]!++;
    else if (latest < 0 || times[at]! > times[latest]!) this.latestDo[step] = at;
    this.#amount(this.doAmount, this.otherDoAmount, this.doSum, step, at);
  }

  #undone(step: number, at: number): void {
    const times = this.#records.at;
    const count = this.undos[step]!++;
    if (count === 0) this.firstUndo[step] = at;
    else if (count === 1) this.secondUndo[step] = at;
    const earliest = this.earliestUndo[step]!;
    if (Number.isNaN(times[at]!)) this.undated[step]!++;
    else if (earliest < 0 || times[at]! < times[earliest]!) this.earliestUndo[step] = at;
    this.#amount(this.undoAmount, this.otherUndoAmount, this.undoSum, step, at);
  }

  #amount(first: Int32Array, other: Int32Array, sum: Float64Array, step: number, at: number): void {
    const { amount } = this.#records;
    if (Number.isNaN(amount[at]!)) {
      this.unpriced[step]!++;
      return;
    }
    sum[step]! += amount[at]!;
    const known = first[step]!;
    if (known < 0) first[step] = at;
    else if (other[step]! < 0 && amount[at] !== amount[known]) other[step] = at;
  }
}
